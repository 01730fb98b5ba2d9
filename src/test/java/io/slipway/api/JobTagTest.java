package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.RunProgress;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobFixtures;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobTagTest {

    private static final Instant AT = Instant.parse("2026-01-05T12:00:00Z");

    private final Job job = JobFixtures.aQueuedJob();

    /** As text, and not as what this JVM makes of the same values: a replica of another version answers the next request. */
    @Test
    void isTheSameWhicheverReplicaAnswers() {
        assertThat(JobTag.of(job, waits("READY"), Optional.of(progress(120, 2.5))))
                .hasToString("\"0-d2959aff.73edc0e1\"");
    }

    @Test
    void differsWithTheDriversWordAndNotWithWhatAReplicaMakesOfIt() {
        JobTag tag = JobTag.of(job, null, Optional.of(progress(120, 2.5)));

        assertThat(JobTag.of(job, null, Optional.of(progress(120, null)))).isEqualTo(tag);
        assertThat(JobTag.of(job, null, Optional.of(progress(121, 2.5)))).isNotEqualTo(tag);
        assertThat(JobTag.of(job, null, Optional.empty())).isNotEqualTo(tag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"STARTING", "FAILED"})
    void differsWithTheStateOfWhatIsWaitedFor(String state) {
        assertThat(JobTag.of(job, waits(state), Optional.empty()))
                .isNotEqualTo(JobTag.of(job, waits("READY"), Optional.empty()))
                .isNotEqualTo(JobTag.of(job, null, Optional.empty()));
    }

    private static WaitingForView waits(String state) {
        return new WaitingForView("cluster", state, AT, "It is being started.", URI.create("http://any/orders/1"));
    }

    private static RunProgress progress(int completed, Double tasksPerSecond) {
        return new RunProgress(
                "application_1_1",
                4,
                1,
                1,
                List.of(new RunProgress.Stage(7, "count", 200, 8, completed, 0)),
                tasksPerSecond,
                AT);
    }
}
