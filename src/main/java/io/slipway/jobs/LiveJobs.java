package io.slipway.jobs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The jobs that are on a cluster, for the loop, which looks at them every second or so. They are kept, and read again when something of
 * theirs was written: by this replica, by another as the feed tells, or by whom the {@linkplain #check comparison} of all finds out. Then
 * their rows are asked for versions alone, and those are read that have changed. What is read here is shared, and is for reading only.
 * When an application or a cause is looked for next is written past the version, and may be out of date here.
 */
@Component
public class LiveJobs {

    /** What is kept was read, or compared, no longer ago than this. */
    static final Duration OLDEST = Duration.ofSeconds(30);

    /** Nobody tells of what is written by hand, or was committed though its answer was lost. */
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(10);

    /**
     * As literals: PostgreSQL has an index of these jobs alone. One state at a time: for a list of states H2 reads the live jobs of all
     * clusters.
     */
    private static final String VERSIONS = JobState.onCluster().stream()
            .map(state -> "select id, version from job where cluster = ? and state = '" + state + "'")
            .collect(Collectors.joining(" union all ", "", " order by id"));

    private static final String ALL_VERSIONS = JobState.onCluster().stream()
            .map(state -> "select cluster, id, version from job where state = '" + state + "'")
            .collect(Collectors.joining(" union all "));

    private final JdbcTemplate database;
    private final JobRows rows;
    private final Clock clock;
    private final Map<String, OnCluster> known = new ConcurrentHashMap<>();
    private volatile Instant checkedAt = Instant.MIN;

    public LiveJobs(JdbcTemplate database, Clock clock) {
        this.database = database;
        this.rows = new JobRows(database);
        this.clock = clock;
    }

    /** What is kept of one cluster. */
    private static final class OnCluster {

        private volatile boolean isOutdated = true;
        private volatile Instant readAt = Instant.MIN;
        private volatile Map<String, Job> byId = Map.of();
        private List<Job> jobs = List.of();
    }

    /** In SUBMITTING, PENDING or RUNNING, the oldest first. */
    public List<Job> on(String cluster) {
        OnCluster place = known.computeIfAbsent(cluster, name -> new OnCluster());
        synchronized (place) {
            Instant now = clock.instant();
            Instant oldest = now.minus(OLDEST);
            if (place.isOutdated || (place.readAt.isBefore(oldest) && checkedAt.isBefore(oldest))) {
                // Before it is read: what is written meanwhile counts as written after it.
                place.isOutdated = false;
                try {
                    read(cluster, place);
                } catch (RuntimeException failure) {
                    place.isOutdated = true;
                    throw failure;
                }
                place.readAt = now;
            }
            return place.jobs;
        }
    }

    private void read(String cluster, OnCluster place) {
        Map<String, Job> before = place.byId;
        Map<String, @Nullable Job> now = new LinkedHashMap<>();
        List<String> changed = new ArrayList<>();
        database.query(
                VERSIONS,
                row -> {
                    String id = row.getString(1);
                    Job kept = before.get(id);
                    boolean isTheSame = kept != null && kept.version() == row.getLong(2);
                    now.put(id, isTheSame ? kept : null);
                    if (!isTheSame) {
                        changed.add(id);
                    }
                },
                Collections.nCopies(JobState.onCluster().size(), cluster).toArray());
        rows.all(changed).forEach(job -> now.put(job.id().value(), job));
        // One may have ended, or gone back to the queue, since its version was read.
        now.values().removeIf(job -> job == null || !job.state().isOnCluster());
        place.jobs = List.copyOf(now.values());
        place.byId = Map.copyOf(now);
    }

    /** Those on which there are some, as far as is known here. */
    public Set<String> clusters() {
        return known.entrySet().stream()
                .filter(each ->
                        each.getValue().isOutdated || !each.getValue().byId.isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Nothing of it is wanted any more. */
    public void forget(String cluster) {
        known.remove(cluster);
    }

    /** Compares what is kept of all clusters with the table, in one question, when that was not done lately. */
    public void check() {
        Instant now = clock.instant();
        if (now.isBefore(checkedAt.plus(BETWEEN_CHECKS))) {
            return;
        }
        // Of each cluster that is kept those ids that are not found.
        Map<String, Set<String>> gone = new LinkedHashMap<>();
        known.forEach((cluster, place) -> gone.put(cluster, new HashSet<>(place.byId.keySet())));
        database.query(ALL_VERSIONS, row -> {
            String cluster = row.getString(1);
            OnCluster place = known.computeIfAbsent(cluster, name -> new OnCluster());
            String id = row.getString(2);
            Job kept = place.byId.get(id);
            if (kept == null || kept.version() != row.getLong(3)) {
                place.isOutdated = true;
            }
            gone.computeIfAbsent(cluster, name -> new HashSet<>()).remove(id);
        });
        gone.forEach((cluster, ids) -> {
            if (!ids.isEmpty()) {
                isOutdated(cluster);
            }
        });
        checkedAt = now;
    }

    /** Before those hear of it who are woken by it. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    public void changed(JobChanged change) {
        isOutdated(change.cluster());
    }

    /**
     * Somebody has written this version of a job, perhaps another replica.
     *
     * @return whether it was news
     */
    public boolean written(JobId jobId, String cluster, long version, JobState state) {
        OnCluster place = known.get(cluster);
        Job kept = place == null ? null : place.byId.get(jobId.value());
        boolean isNews = kept == null ? state.isOnCluster() : kept.version() < version;
        if (isNews) {
            known.computeIfAbsent(cluster, name -> new OnCluster()).isOutdated = true;
        }
        return isNews;
    }

    private void isOutdated(String cluster) {
        OnCluster place = known.get(cluster);
        if (place != null) {
            place.isOutdated = true;
        }
    }
}
