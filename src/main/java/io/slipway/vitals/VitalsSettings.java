package io.slipway.vitals;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a thread counts as stuck.
 *
 * @param silence how long a thread of the engine may give no sign of life before liveness is DOWN; longer than any turn that waits for
 *     time-outs of the database and of AWS
 */
@ConfigurationProperties("slipway.vitals")
record VitalsSettings(@DefaultValue("15m") Duration silence) {

    VitalsSettings {
        if (silence.isNegative() || silence.isZero()) {
            throw new IllegalArgumentException("slipway.vitals.silence must be longer than zero, such as 15m");
        }
    }
}
