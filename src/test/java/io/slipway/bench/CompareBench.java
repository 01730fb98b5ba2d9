package io.slipway.bench;

import io.slipway.Databases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a submission and a read cost, beside Livy: {@code ./verify --bench}. Rounds of both alternate, so that what else the machine does
 * meets both; medians of the rounds are printed, with their ratios.
 */
@Tag("bench")
class CompareBench {

    private static final int ROUNDS = Integer.getInteger("slipway.bench.rounds", 5);

    @TempDir
    private Path home;

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void printsATable() throws Exception {
        // A heap as in a container of the chart's size would not be touched by this load; a fixed one says what is
        // measured.
        Program program = Program.asShipped(home).with("-Xmx512m");
        System.out.println("Slipway: " + String.join(" ", program.command()));
        for (boolean postgres : new boolean[] {false, true}) {
            String name = postgres ? "PostgreSQL" : "H2";
            Path folder = Files.createDirectory(home.resolve(name));
            Optional<Livy> livy = Livy.start(folder.resolve("livy"));
            try (SubmitLoad service = new SubmitLoad(folder, postgres ? Databases.postgres() : null, program);
                    Comparison comparison = new Comparison(service, livy.orElse(null))) {
                comparison.warmUp(300);
                for (int round = 0; round < ROUNDS; round++) {
                    comparison.round(1);
                }
                comparison.print(name);
            } finally {
                livy.ifPresent(Livy::close);
            }
        }
    }
}
