package io.slipway.compute;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * {@code clusters} in {@code /actuator/health}: whether the leader reaches them. Never a reason to take the service away: it takes jobs
 * and answers without them, so this is in no probe and its worst is {@code DEGRADED}.
 */
@Component("clustersHealthIndicator")
class ClustersHealth implements HealthIndicator {

    static final Status DEGRADED = new Status("DEGRADED", "a cluster cannot be reached or has ended");

    /** The leader looks every minute or more often, unless its calls are used up for a while. */
    private static final Duration SILENCE = Duration.ofMinutes(15);

    private final Clusters clusters;
    private final ClusterSightings sightings;
    private final Clock clock;

    ClustersHealth(Clusters clusters, ClusterSightings sightings, Clock clock) {
        this.clusters = clusters;
        this.sightings = sightings;
        this.clock = clock;
    }

    @Override
    public Health health() {
        Map<String, ClusterHealth> seen;
        try {
            seen = sightings.all();
        } catch (DataAccessException failure) {
            return Health.unknown()
                    .withDetail("message", "the database does not answer")
                    .build();
        }
        Health.Builder health = Health.up();
        for (String name : clusters.names()) {
            ClusterHealth one = Objects.requireNonNullElse(seen.get(name), ClusterHealth.NOT_SEEN_YET);
            boolean silent = isSilent(one);
            health.withDetail(name, words(one, silent));
            if (silent || isTrouble(one)) {
                health.status(DEGRADED);
            }
        }
        return health.build();
    }

    private static String words(ClusterHealth one, boolean silent) {
        return one.state()
                + (silent ? ", last seen at " + one.seenAt() : "")
                + (one.message() == null ? "" : ": " + one.message());
    }

    /** What is known of it is as of its last answer, and that was too long ago. */
    private boolean isSilent(ClusterHealth one) {
        Instant seen = one.seenAt();
        return seen != null && clock.instant().isAfter(seen.plus(SILENCE));
    }

    private static boolean isTrouble(ClusterHealth one) {
        return switch (one.state().condition()) {
            case COMING, TAKES_RUNS -> false;
            // A message beside it is why it was never seen.
            case UNSEEN -> one.message() != null;
            case GONE -> true;
        };
    }
}
