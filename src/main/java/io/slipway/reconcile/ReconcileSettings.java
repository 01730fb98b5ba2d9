package io.slipway.reconcile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How patient the loop is.
 *
 * @param tick longest time between two turns of a cluster's loop; a new job starts one at once on the replica that took it
 * @param uploadLapse how long after its last sign of life an upload counts as interrupted; longer than any pause of a living service
 * @param cancelAgain after how long a cancel that shows no effect is sent again
 * @param hintedPace how long to leave between two full looks at a cluster whose news come by themselves
 * @param driverPace how long to leave between two full looks at a cluster whose drivers tell how their programs end
 * @param lease how long a leader that went silent is still trusted; not used with an H2 file, which only one process can open
 * @param makeWay how long a run that is to be stopped goes on at most, while those that wait behind it are taken back so that a cleanup
 *     step is next
 */
@ConfigurationProperties("slipway.reconcile")
record ReconcileSettings(
        @DefaultValue("1s") Duration tick,
        @DefaultValue("60s") Duration uploadLapse,
        @DefaultValue("30s") Duration cancelAgain,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("1m") Duration hintedPace,
        @DefaultValue("30m") Duration driverPace,
        @DefaultValue("10s") Duration makeWay) {

    ReconcileSettings {
        for (Duration each : new Duration[] {tick, uploadLapse, cancelAgain, lease, hintedPace, driverPace, makeWay}) {
            if (each.isNegative() || each.isZero()) {
                throw new IllegalArgumentException(
                        "slipway.reconcile: every duration must be longer than zero, such as 1s");
            }
        }
    }
}
