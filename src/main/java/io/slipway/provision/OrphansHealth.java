package io.slipway.provision;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** {@code orphanedClusters} in {@code /actuator/health}: clusters that cost money and that no order owns. It is in no probe. */
@Component("orphanedClustersHealthIndicator")
class OrphansHealth implements HealthIndicator {

    private static final Status DEGRADED = new Status("DEGRADED", "a cluster of this installation has no order");

    private final OrphanedClusters orphans;

    OrphansHealth(OrphanedClusters orphans) {
        this.orphans = orphans;
    }

    @Override
    public Health health() {
        try {
            List<OrphanedCluster> all = orphans.all();
            return all.isEmpty()
                    ? Health.up().build()
                    : Health.status(DEGRADED)
                            .withDetails(all.stream()
                                    .collect(Collectors.toMap(OrphanedCluster::clusterId, OrphanedCluster::why)))
                            .build();
        } catch (DataAccessException failure) {
            return Health.unknown()
                    .withDetail("message", "the database does not answer")
                    .build();
        }
    }
}
