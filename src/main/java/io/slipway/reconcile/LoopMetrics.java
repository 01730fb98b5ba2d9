package io.slipway.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** How far the table is behind the clusters, as the replica that leads measures it. */
@Component
class LoopMetrics {

    private final MeterRegistry meters;
    private final Timer accepted;
    private final Timer ended;
    private final Map<String, Sightings> clusters = new ConcurrentHashMap<>();
    private final Map<JobState, AtomicLong> perState = new EnumMap<>(JobState.class);

    LoopMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.accepted = Timer.builder("slipway.jobs.accepted")
                .description("From the 202 to the cluster's acceptance of the first run")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        this.ended = Timer.builder("slipway.runs.end.lag")
                .description("From the end of a run by the cluster's clock to our row")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
        for (JobState state : JobState.values()) {
            if (!state.isTerminal()) {
                perState.put(state, meters.gauge("slipway.jobs", List.of(tag("state", state)), new AtomicLong()));
            }
        }
    }

    private static Tag tag(String name, Object value) {
        return Tag.of(name, value.toString());
    }

    /** The runs that were live before a look, and what the look told of them. */
    void looked(String cluster, Collection<RunRef> live, List<RunReport> reports, Instant now) {
        clusters.computeIfAbsent(cluster, this::register).looked(live, reports, now);
    }

    void aged(String cluster, Instant now) {
        clusters.computeIfAbsent(cluster, this::register).aged(now);
    }

    private Sightings register(String cluster) {
        Sightings made = new Sightings();
        meters.gauge("slipway.staleness", List.of(tag("cluster", cluster)), made, Sightings::seconds);
        return made;
    }

    /** After the cluster was asked to start the job. */
    void started(Job job, Instant now) {
        Instant queued = job.queuedAt();
        if (queued != null
                && job.attempt() == 1
                && (job.state() == JobState.PENDING || job.state() == JobState.RUNNING)) {
            accepted.record(Duration.between(queued, now));
        }
    }

    void ended(Job job, RunReport report, Instant now) {
        Instant at = report.endedAt();
        if (at != null) {
            ended.record(Duration.between(at, now));
        }
        if (job.state().isTerminal()) {
            String reason = job.reason().map(why -> why.code().toString()).orElse("none");
            meters.counter("slipway.jobs.ended", List.of(tag("state", job.state()), tag("reason", reason)))
                    .increment();
        }
    }

    void count(List<Jobs.ClusterLoad> loads) {
        Map<JobState, Long> now = loads.stream()
                .collect(Collectors.groupingBy(
                        Jobs.ClusterLoad::getState, Collectors.summingLong(Jobs.ClusterLoad::getJobs)));
        perState.forEach((state, gauge) -> gauge.set(now.getOrDefault(state, 0L)));
    }

    Set<JobState> counted() {
        return perState.keySet();
    }

    /** When each live run of a cluster was last told of. */
    private static final class Sightings {

        private final Map<String, Instant> last = new ConcurrentHashMap<>();
        private volatile double seconds;

        void looked(Collection<RunRef> live, List<RunReport> reports, Instant now) {
            live.forEach(run -> last.putIfAbsent(run.submissionKey(), run.intentAt()));
            last.keySet().retainAll(live.stream().map(RunRef::submissionKey).collect(Collectors.toSet()));
            reports.forEach(report -> last.computeIfPresent(report.submissionKey(), (key, at) -> report.lookedFrom()));
            aged(now);
        }

        void aged(Instant now) {
            seconds = last.values().stream()
                            .mapToLong(at -> Duration.between(at, now).toMillis())
                            .max()
                            .orElse(0)
                    / 1000.0;
        }

        double seconds() {
            return seconds;
        }
    }
}
