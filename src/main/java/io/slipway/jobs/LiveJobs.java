package io.slipway.jobs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The jobs that are on a cluster, for the loop, which looks at them every second or so: their rows are asked for versions alone, and those
 * are read that have changed. What is read here is shared, and is for reading only. It is forgotten with the end of the job.
 */
@Component
public class LiveJobs {

    /**
     * As literals: PostgreSQL has an index of these jobs alone. One state at a time: for a list of states H2 reads the live jobs of all
     * clusters.
     */
    private static final String VERSIONS = JobState.onCluster().stream()
            .map(state -> "select id, version from job where cluster = ? and state = '" + state + "'")
            .collect(Collectors.joining(" union all ", "", " order by id"));

    private final JdbcTemplate database;
    private final JobRows rows;
    private final Map<String, Map<String, Job>> known = new ConcurrentHashMap<>();

    public LiveJobs(JdbcTemplate database) {
        this.database = database;
        this.rows = new JobRows(database);
    }

    /** In SUBMITTING, PENDING or RUNNING, the oldest first. */
    public List<Job> on(String cluster) {
        Map<String, Job> before = known.getOrDefault(cluster, Map.of());
        Map<String, @Nullable Job> now = new LinkedHashMap<>();
        List<String> changed = new ArrayList<>();
        database.query(
                VERSIONS,
                row -> {
                    String id = row.getString(1);
                    Job kept = before.get(id);
                    boolean isTheSame = kept != null && kept.version() == row.getLong(2) && kept.isSaidByItsVersion();
                    now.put(id, isTheSame ? kept : null);
                    if (!isTheSame) {
                        changed.add(id);
                    }
                },
                Collections.nCopies(JobState.onCluster().size(), cluster).toArray());
        rows.all(changed).forEach(job -> now.put(job.id().value(), job));
        // One may have ended, or gone back to the queue, since its version was read.
        now.values().removeIf(job -> job == null || !job.state().isOnCluster());
        List<Job> live = List.copyOf(now.values());
        if (live.isEmpty()) {
            known.remove(cluster);
        } else {
            known.put(cluster, Map.copyOf(now));
        }
        return live;
    }
}
