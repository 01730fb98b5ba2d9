package io.slipway.livy;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.Job;
import io.slipway.jobs.JobFixtures;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.RunTraits;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Livy shows the last ten lines of a batch's log with it. */
class BatchViewTest {

    private static final BatchView.AppInfo NO_LINKS = new BatchView.AppInfo(null, null, null);

    private static List<String> log(Job job, String traceback) {
        return BatchView.of(new Batches.Batch(7, job.id().value(), null), job, NO_LINKS, traceback)
                .log();
    }

    @Test
    void theLastLinesSayWhyItFailed() {
        Job job = JobFixtures.aRunningJob();
        assertThat(log(job, null)).isEmpty();
        job.observed(JobFixtures.report(job, Phase.FAILED, Reason.Code.RUN_FAILED), RunTraits.NONE, JobFixtures.NOW);
        String traceback =
                IntStream.range(0, 30).mapToObj(line -> "  line " + line).collect(Collectors.joining("\n"));

        assertThat(log(job, traceback))
                .hasSize(10)
                .startsWith("  line 21")
                .endsWith(job.reason().orElseThrow().message());
        assertThat(log(job, null)).containsExactly(job.reason().orElseThrow().message());
    }
}
