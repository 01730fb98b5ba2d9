package io.slipway.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Numbers about jobs. What is counted as it happens is of the replica where it happened; {@code slipway.jobs} is read from the table
 * and the same on every replica, so take its maximum, not its sum.
 */
@Component
public class JobMetrics {

    private static final Logger log = LoggerFactory.getLogger(JobMetrics.class);

    private final Jobs jobs;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Map<Key, AtomicLong> counts = new ConcurrentHashMap<>();

    JobMetrics(Jobs jobs, MeterRegistry meters, Clock clock) {
        this.jobs = jobs;
        this.meters = meters;
        this.clock = clock;
    }

    private record Key(String cluster, JobState state) {}

    @EventListener
    void moved(JobMoved move) {
        Job job = move.job();
        // The first attempt alone: later ones waited for the one before.
        if (move.before() == JobState.SUBMITTING && job.state().isOnCluster() && job.attempt() == 1) {
            time("slipway.job.accept", "From the 202 until the cluster has the run.", job, job.queuedAt());
        }
        if (job.state().isTerminal()) {
            Counter.builder("slipway.jobs.ended")
                    .description("Jobs that ended, by how.")
                    .tag("cluster", job.cluster())
                    .tag("state", job.state().name())
                    .tag(
                            "reason",
                            job.reason().map(reason -> reason.code().name()).orElse("NONE"))
                    .register(meters)
                    .increment();
            Instant ended = job.currentRun().map(Run::endedAt).orElse(null);
            if (isReportedByTheCluster(job)) {
                time(
                        "slipway.job.observe.end",
                        "From a run's end by its cluster's clock until our row says so.",
                        job,
                        ended);
            }
        }
    }

    /** Not what was refused, never began, or was given up: its end is by our own clock. */
    private static boolean isReportedByTheCluster(Job job) {
        boolean began = job.currentRun().map(Run::startedAt).isPresent();
        return began
                && job.reason()
                        .map(Reason::code)
                        .filter(code -> code.isUnknown() || code == Reason.Code.CLUSTER_GONE)
                        .isEmpty();
    }

    private void time(String name, String description, Job job, @Nullable Instant since) {
        if (since != null) {
            Duration taken = Duration.between(since, clock.instant());
            Timer.builder(name)
                    .description(description)
                    .tag("cluster", job.cluster())
                    .publishPercentileHistogram()
                    .minimumExpectedValue(Duration.ofMillis(10))
                    .maximumExpectedValue(Duration.ofHours(1))
                    .register(meters)
                    .record(taken.isNegative() ? Duration.ZERO : taken);
        }
    }

    @Scheduled(fixedDelayString = "${slipway.metrics.every:15s}")
    public void count() {
        try {
            Map<Key, AtomicLong> gone = new ConcurrentHashMap<>(counts);
            jobs.countByClusterAndState(JobState.notEnded()).forEach(load -> {
                Key key = new Key(load.getCluster(), load.getState());
                gone.remove(key);
                counts.computeIfAbsent(key, this::gauge).set(load.getJobs());
            });
            gone.values().forEach(count -> count.set(0));
        } catch (DataAccessException failure) {
            log.debug("Jobs could not be counted: {}", failure.getMessage());
        }
    }

    private AtomicLong gauge(Key key) {
        AtomicLong count = new AtomicLong();
        Gauge.builder("slipway.jobs", count, AtomicLong::doubleValue)
                .description("Jobs that have not ended, as the table has them.")
                .tag("cluster", key.cluster())
                .tag("state", key.state().name())
                .register(meters);
        return count;
    }
}
