package io.slipway.bench;

import io.slipway.TestMachine;
import io.slipway.bench.Comparison.Line;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link CompareBench} in small: tells when Slipway takes twice as long beside Livy as it did when {@code docs/performance.md} was written. Other
 * work on the machine meets both, so that ratios stay where times do not.
 */
@Tag("full")
@Timeout(900)
class CompareIT {

    private static final int ROUNDS = 3;

    /** Slipway's figure over Livy's, with H2. Who makes one better writes the better one here. */
    private static final Map<Line, Double> KNOWN = Map.of(
            Line.POST_SAME,
            3.8,
            Line.POST_ANOTHER,
            5.0,
            Line.POSTS_SAME,
            0.6,
            Line.POSTS_ANOTHER,
            0.55,
            Line.GET,
            0.26);

    @TempDir
    private Path folder;

    @Test
    void noRatioHasFallenByHalf() throws Exception {
        TestMachine.needs(Livy.isThere(), "Livy's jars in target/livy; ./verify --all fetches them");
        Program program = Program.asShipped(folder).with("-Xmx512m");
        try (Livy livy = Livy.start(folder.resolve("livy")).orElseThrow();
                SubmitLoad service = new SubmitLoad(folder, null, program);
                Comparison comparison = new Comparison(service, livy)) {
            comparison.warmUp(100);
            for (int round = 0; round < ROUNDS; round++) {
                comparison.round(0.25);
            }
            comparison.print("H2, a short run");
            SoftAssertions all = new SoftAssertions();
            KNOWN.forEach((line, known) -> {
                double now = comparison.ratio(line).orElseThrow();
                double worse = Comparison.isRate(line) ? known / now : now / known;
                all.assertThat(worse)
                        .as("%s: %.2f x of Livy's, was %.2f x", line, now, known)
                        .isLessThan(2);
            });
            all.assertAll();
        }
    }
}
