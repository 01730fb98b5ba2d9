package io.slipway.reconcile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What becomes of clusters of this installation that no order owns.
 *
 * @param look how long to leave between two listings of all clusters that are alive
 * @param end whether the leader ends them by itself; not those whose order the database does not have, which only a person ends
 */
@ConfigurationProperties("slipway.orphaned-clusters")
record OrphanSettings(
        @DefaultValue("10m") Duration look,
        @DefaultValue("false") boolean end) {

    OrphanSettings {
        if (look.isNegative() || look.isZero()) {
            throw new IllegalArgumentException("slipway.orphaned-clusters.look must be longer than zero, such as 10m");
        }
    }
}
