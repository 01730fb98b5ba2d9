package io.slipway.compute.emr.logs;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.emr.client.LogLocation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where each EMR cluster keeps its logs, which stays known after the cluster has ended. The replica that leads hears it from the clusters;
 * the others read what the leader wrote down. Nothing else has to be known of a cluster to find the logs of its runs.
 */
public final class LogLocations {

    private static final int KEPT = 1_000;

    private final Function<String, Optional<ClusterHealth>> writtenDown;
    private final Duration maxAge;
    private final Clock clock;
    private final Map<String, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > KEPT;
        }
    };

    /**
     * @param writtenDown how a cluster was last seen, by its id or by its configured name
     * @param maxAge after which what is written down is read again, as long as it tells no location
     */
    public LogLocations(Function<String, Optional<ClusterHealth>> writtenDown, Duration maxAge, Clock clock) {
        this.writtenDown = writtenDown;
        this.maxAge = maxAge;
        this.clock = clock;
    }

    /** @param health {@code null} when nobody has seen the cluster yet */
    private record Known(@Nullable ClusterHealth health, Instant at) {

        /** What is not written down any more is as it was. */
        Known orFrom(Known before) {
            return health == null ? new Known(before.health(), at) : this;
        }

        Optional<LogLocation> location() {
            return Optional.ofNullable(health).map(ClusterHealth::logUri).map(LogLocation::parse);
        }
    }

    /** The cluster was seen. */
    public void record(String clusterId, ClusterHealth health) {
        synchronized (known) {
            known.put(clusterId, new Known(health, clock.instant()));
        }
    }

    /** @param name under which the cluster is configured */
    public Optional<LogLocation> of(String clusterId, String name) {
        return known(clusterId, name).location();
    }

    /** Why there are no logs, once it is known that there are none. */
    public Optional<String> whyNone(String clusterId, String name) {
        Known found = known(clusterId, name);
        ClusterHealth seen = found.health();
        if (seen == null || seen.seenAt() == null || found.location().isPresent()) {
            return Optional.empty();
        }
        return Optional.of("Cluster " + clusterId
                + (seen.logUri() == null
                        ? " has no LogUri: EMR keeps nothing of what its steps print."
                        : " has the LogUri " + seen.logUri() + ", which is not in S3: its logs cannot be read here.")
                + " The LogUri is set when a cluster is made.");
    }

    private Known known(String clusterId, String name) {
        Instant now = clock.instant();
        synchronized (known) {
            Known last = known.get(clusterId);
            if (last != null
                    && (last.location().isPresent() || now.isBefore(last.at().plus(maxAge)))) {
                return last;
            }
        }
        Known read = new Known(read(clusterId, name).orElse(null), now);
        synchronized (known) {
            known.merge(clusterId, read, (before, after) -> after.orFrom(before));
            return known.getOrDefault(clusterId, read);
        }
    }

    /** By its id; what was written down before ids were is found by the name. */
    private Optional<ClusterHealth> read(String clusterId, String name) {
        return writtenDown
                .apply(clusterId)
                .or(() -> writtenDown.apply(name).filter(health -> health.clusterId() == null));
    }
}
