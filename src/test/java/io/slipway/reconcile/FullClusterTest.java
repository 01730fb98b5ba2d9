package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.Job;
import io.slipway.jobs.JobFixtures;
import io.slipway.jobs.JobState;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunTraits;
import io.slipway.jobs.SubmissionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What gathered looks cost on a cluster as full as EMR allows, with runs of an hour on average; {@code LiveJobsBench} without all that is around them. */
class FullClusterTest {

    private static final String CLUSTER = "analytics";
    private static final int SLOTS = 256;
    private static final Duration TURN = Duration.ofSeconds(2);

    private final GatheredLooks looks = new GatheredLooks();
    private final Random random = new Random(1);
    private final Map<SubmissionKey, OnCluster> live = new LinkedHashMap<>();
    private final List<Duration> lags = new ArrayList<>();
    private Instant now = JobFixtures.NOW;
    private int calls;

    private static final class OnCluster {
        private final Job job;
        private final Instant started;
        private final Instant ends;

        OnCluster(Job job, Instant started, Instant ends) {
            this.job = job;
            this.started = started;
            this.ends = ends;
        }
    }

    @Test
    void aThousandEndsCostFourHundredAndThirtyCallsAndEachIsKnownWithinAMinute() {
        pass(Duration.ofMinutes(20));
        calls = 0;
        lags.clear();
        pass(Duration.ofMinutes(80));

        assertThat(lags).hasSizeGreaterThan(300);
        assertThat(1000 * calls / lags.size()).isLessThanOrEqualTo(430);
        lags.sort(Duration::compareTo);
        assertThat(lags.get(lags.size() * 99 / 100)).isLessThanOrEqualTo(Duration.ofSeconds(60));
    }

    private void pass(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(TURN);
            send();
            live.forEach(this::report);
            List<Job> jobs = live.values().stream().map(run -> run.job).toList();
            for (List<Job> due = looks.due(CLUSTER, jobs, now); !due.isEmpty(); due = looks.due(CLUSTER, jobs, now)) {
                calls++;
                looks.looked(CLUSTER, due.stream().map(FullClusterTest::key).toList(), now);
                due.forEach(this::look);
                jobs = live.values().stream().map(run -> run.job).toList();
            }
        }
    }

    /** By one call whatever became free. */
    private void send() {
        if (live.size() < SLOTS) {
            calls++;
        }
        while (live.size() < SLOTS) {
            Job job = JobFixtures.aQueuedJob();
            job.submitting(now, "test", null);
            job.accepted("s-1", null, now);
            long millis = Math.round(
                    -Math.log(1 - random.nextDouble()) * Duration.ofHours(1).toMillis());
            live.put(
                    key(job),
                    new OnCluster(job, now.plusSeconds(1), now.plusSeconds(1).plusMillis(millis)));
        }
    }

    /** A program ends some seconds before its step does; its first word comes a while after the step's start. */
    private void report(SubmissionKey key, OnCluster run) {
        if (!now.isBefore(run.started.plusSeconds(20))) {
            looks.started(CLUSTER, key);
        }
        if (!now.isBefore(run.ends.minusSeconds(6))) {
            looks.ended(CLUSTER, key, now);
        }
    }

    private void look(Job job) {
        OnCluster run = live.get(key(job));
        if (!now.isBefore(run.ends)) {
            lags.add(Duration.between(run.ends, now));
            live.remove(key(job));
        } else if (job.state() == JobState.PENDING && !now.isBefore(run.started)) {
            job.observed(JobFixtures.report(job, RunReport.Phase.RUNNING, null), RunTraits.NONE, now);
        }
    }

    private static SubmissionKey key(Job job) {
        return Reconciler.ref(job).submissionKey();
    }
}
