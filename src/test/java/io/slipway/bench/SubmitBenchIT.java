package io.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.bench.SubmitLoad.Measured;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark of submissions in small, so that it goes on working. */
@Tag("full")
class SubmitBenchIT {

    @TempDir
    private Path home;

    @Test
    void eachJobIsAnsweredAndThenAccepted() throws Exception {
        try (SubmitLoad service = new SubmitLoad(home, null, Program.ofTheJar())) {
            Measured measured = service.send(12, 3, 100_000);
            assertThat(measured.toAnswer().count()).isEqualTo(12);
            assertThat(measured.toStep().count()).isEqualTo(12);
            assertThat(measured.perSecond()).isPositive();
            assertThat(measured.toStep().quantile(0.5)).isPositive();
        }
    }
}
