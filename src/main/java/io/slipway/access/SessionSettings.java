package io.slipway.access;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a browser stays logged in, and how many do.
 *
 * @param idle after so long without a request a login is over
 * @param longest after so long it is over, used or not
 * @param mostOfOwner logins of one owner; another one ends the one that was not used for longest
 * @param most logins of all owners together, in the same way
 */
@ConfigurationProperties("slipway.security.sessions")
record SessionSettings(
        @DefaultValue("12h") Duration idle,
        @DefaultValue("7d") Duration longest,
        @DefaultValue("20") int mostOfOwner,
        @DefaultValue("10000") int most) {

    SessionSettings {
        if (idle.toMillis() <= 0 || longest.toMillis() <= 0 || mostOfOwner < 1 || most < 1) {
            throw new IllegalArgumentException("slipway.security.sessions: every value must be greater than zero");
        }
    }
}
