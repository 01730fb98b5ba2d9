package io.slipway.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.AfterRun.Next;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.RunTraits.Leftovers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One line for each way in which a run can end: what was wanted, what the cluster says, what follows. */
class AfterRunTest {

    private static final Instant NOW = JobFixtures.NOW;
    private static final RunTraits CLUSTER = new RunTraits(true, true, Leftovers.CLEANED_UP, 2);

    @ParameterizedTest(name = "{index}: stop={0} attempts={1} {2} {3} began={4} -> {5} {6}")
    @CsvSource(nullValues = "-", textBlock = """
            # stop,   attempts, phase,   code,                began | next,     reason,               leftovers,  application, cause
            -,        1,  SUCCEEDED,     -,                   true,   SUCCEEDED, -,                    NONE,       true,  false
            USER,     2,  SUCCEEDED,     -,                   true,   SUCCEEDED, -,                    NONE,       true,  false
            -,        1,  FAILED,        RUN_FAILED,          true,   FAILED,    RUN_FAILED,           NONE,       true,  true
            -,        2,  FAILED,        RUN_FAILED,          true,   AGAIN,     RUN_FAILED,           CLEANED_UP, true,  true
            -,        2,  FAILED,        RUN_FAILED,          false,  AGAIN,     RUN_FAILED,           NONE,       true,  true
            -,        2,  FAILED,        CLUSTER_GONE,        true,   AGAIN,     CLUSTER_GONE,         NONE,       true,  false
            -,        2,  FAILED,        OUTCOME_UNKNOWN,     true,   FAILED,    OUTCOME_UNKNOWN,      NONE,       true,  false
            USER,     2,  FAILED,        OUTCOME_UNKNOWN,     true,   FAILED,    OUTCOME_UNKNOWN,      CLEANED_UP, true,  false
            -,        2,  FAILED,        REJECTED_BY_CLUSTER, false,  FAILED,    REJECTED_BY_CLUSTER,  NONE,       true,  false
            USER,     2,  FAILED,        RUN_FAILED,          true,   CANCELLED, CANCELLED_BY_USER,    CLEANED_UP, true,  false
            USER,     2,  CANCELLED,     -,                   true,   CANCELLED, CANCELLED_BY_USER,    CLEANED_UP, true,  false
            USER,     2,  CANCELLED,     -,                   false,  CANCELLED, CANCELLED_BY_USER,    NONE,       false, false
            DEADLINE, 1,  CANCELLED,     -,                   true,   FAILED,    TIMED_OUT,            CLEANED_UP, true,  false
            DEADLINE, 2,  CANCELLED,     -,                   true,   AGAIN,     TIMED_OUT,            CLEANED_UP, true,  false
            -,        2,  CANCELLED,     -,                   true,   CANCELLED, CANCELLED_ON_CLUSTER, CLEANED_UP, true,  false
            WITHDRAW, 2,  CANCELLED,     -,                   false,  SENT_AGAIN,-,                    NONE,       false, false
            WITHDRAW, 2,  CANCELLED,     -,                   true,   SENT_AGAIN,-,                    CLEANED_UP, true,  false
            WITHDRAW, 1,  SUCCEEDED,     -,                   true,   SUCCEEDED, -,                    NONE,       true,  false
            """)
    void whatFollowsIsDecidedInOnePlace(
            @Nullable String stop,
            int attempts,
            Phase phase,
            Reason.@Nullable Code code,
            boolean began,
            Next next,
            Reason.@Nullable Code reason,
            Leftovers leftovers,
            boolean application,
            boolean cause) {
        Job job = pending(attempts);
        Run run = job.currentRun().orElseThrow();
        if (stop != null) {
            wish(job, run, stop);
        }
        RunReport report = new RunReport(
                run.submissionKey(),
                phase,
                "s-1",
                began ? NOW : null,
                NOW,
                null,
                code == null ? null : new Reason(code, "So the cluster says."),
                NOW);

        AfterRun after = AfterRun.of(job, run, report, CLUSTER, NOW);

        assertThat(after.next()).isEqualTo(next);
        assertThat(after.reason() == null ? null : after.reason().code()).isEqualTo(reason);
        assertThat(after.leftovers()).isEqualTo(leftovers);
        assertThat(after.isApplicationExpected()).isEqualTo(application);
        assertThat(after.isCauseExpected()).isEqualTo(cause);
    }

    private static void wish(Job job, Run run, String stop) {
        switch (stop) {
            case "USER" -> job.cancelRequested("ann", NOW);
            case "WITHDRAW" -> job.withdrawAsked(run.ref(), NOW);
            default -> {
                job.observed(
                        new RunReport(run.submissionKey(), Phase.RUNNING, "s-1", NOW, null, null, null, NOW),
                        RunTraits.NONE,
                        NOW);
                job.expired(NOW.plus(Duration.ofHours(1)));
            }
        }
    }

    private static Job pending(int attempts) {
        return JobFixtures.aPendingJob(JobFixtures.aSpec(attempts, Duration.ofMinutes(10), null));
    }
}
