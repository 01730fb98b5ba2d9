package io.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.bench.LiveJobs.Measured;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The benchmark of live jobs in small, so that it goes on working. */
@Tag("full")
class LiveJobsTest extends LiveJobsContext {

    @ParameterizedTest
    @EnumSource(LiveJobs.News.class)
    void aFewJobsAreFreshForMuchFewerCallsThanOneByOne(LiveJobs.News news) throws IOException {
        try (LiveJobs jobs = start(2, news, Duration.ofMinutes(1))) {
            jobs.hold(40, Duration.ofSeconds(30));
            Measured measured = jobs.hold(40, Duration.ofMinutes(2));
            assertThat(jobs.refusals()).isEmpty();
            assertThat(measured.finished()).isBetween(40, 120);
            assertThat(measured.behind().count()).isEqualTo(measured.finished());
            assertThat(measured.behind().longest()).isLessThan(Duration.ofSeconds(30));
            assertThat(measured.behind().quantile(0.99))
                    .isLessThanOrEqualTo(measured.behind().longest());
            assertThat(measured.callsPerThousand()).isPositive().isLessThan(measured.callsPerThousandOneByOne());
        }
    }
}
