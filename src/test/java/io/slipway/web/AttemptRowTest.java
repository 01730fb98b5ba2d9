package io.slipway.web;

import static io.slipway.jobs.JobFixtures.NOW;
import static io.slipway.jobs.JobFixtures.aRunningJob;
import static io.slipway.jobs.JobFixtures.aSpec;
import static io.slipway.jobs.JobFixtures.aSubmittingJob;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.Job;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunTraits;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptRowTest {

    private static final Instant LATER = NOW.plusSeconds(90);

    @Test
    void aRunningAttemptGoesOnCounting() {
        AttemptRow row = AttemptRow.of(run(aRunningJob()), LATER);
        assertThat(row.began().iso()).isEqualTo(NOW.toString());
        assertThat(row.ran()).isEqualTo("1 m 30 s");
        assertThat(row.runningSince()).isEqualTo(NOW.toString());
        assertThat(row.isOver()).isFalse();
    }

    @Test
    void anAttemptThatIsOverSaysHowLongItRan() {
        Job job = aRunningJob();
        job.observed(
                new RunReport(
                        run(job).submissionKey(),
                        RunReport.Phase.FAILED,
                        "s-1",
                        NOW,
                        NOW.plusSeconds(12),
                        1,
                        new Reason(Reason.Code.RUN_FAILED, "because"),
                        NOW),
                RunTraits.NONE,
                NOW);
        AttemptRow row = AttemptRow.of(run(job), LATER);
        assertThat(row.ran()).isEqualTo("12.0 s");
        assertThat(row.runningSince()).isNull();
        assertThat(row.facts()).isEqualTo(new AttemptRow.Facts(1, "s-1", null));
    }

    @Test
    void anAttemptThatHasNotBegunSaysWhenItWasSent() {
        Job job = aSubmittingJob(aSpec(2, null, null));
        AttemptRow row = AttemptRow.of(run(job), LATER);
        assertThat(row.sent().iso()).isEqualTo(NOW.toString());
        assertThat(row.began()).isNull();
        assertThat(row.ran()).isNull();
        assertThat(row.runningSince()).isNull();

        job.rejected(new Reason(Reason.Code.REJECTED_BY_CLUSTER, "No."), LATER);
        assertThat(AttemptRow.of(run(job), LATER).isOver()).isTrue();
    }

    private static Run run(Job job) {
        return job.all().last().orElseThrow();
    }
}
