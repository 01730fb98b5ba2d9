package io.slipway.bench;

import io.slipway.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /** Before the first round, to both: a service runs for weeks, and for its first ten thousand requests its compiler is half of the load. */
    private static final int WARM_UP = Integer.getInteger("slipway.bench.warm-up", 1_500);

    /** Of the requests of a round; less than 1 for a look on a machine with other work. */
    private static final double SHARE = Double.parseDouble(System.getProperty("slipway.bench.share", "1"));

    private static final Duration QUIET = Duration.ofSeconds(60);

    private static final List<String> DATABASES = List.of(
            System.getProperty("slipway.bench.databases", "H2,PostgreSQL").split(","));

    @TempDir
    private Path home;

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void printsATable() throws Exception {
        // A heap as in a container of the chart's size would not be touched by this load; a fixed one says what is
        // measured.
        // More options come last:
        // -Dslipway.bench.java=-XX:StartFlightRecording=filename=/tmp/slipway.jfr,settings=profile
        Program program = Program.asShipped(home)
                .with("-Xmx512m")
                .with(System.getProperty("slipway.bench.java", "").split("\\s+"));
        System.out.println("Slipway: " + String.join(" ", program.command()));
        for (String name : DATABASES) {
            boolean postgres = name.equals("PostgreSQL");
            Path folder = Files.createDirectory(home.resolve(name));
            Optional<Livy> livy = Livy.start(folder.resolve("livy"));
            try (SubmitLoad service = new SubmitLoad(folder, postgres ? Databases.postgres() : null, program);
                    Comparison comparison = new Comparison(service, livy.orElse(null))) {
                comparison.warmUp((int) (WARM_UP * SHARE));
                for (int round = 0; round < ROUNDS; round++) {
                    comparison.round(SHARE);
                }
                comparison.print(name);
                if (!postgres) {
                    tellTheSizeOfTheFile(service);
                }
            } finally {
                livy.ifPresent(Livy::close);
            }
        }
    }

    private static void tellTheSizeOfTheFile(SubmitLoad service) throws IOException, InterruptedException {
        double grown = service.kilobytesOfAJob();
        Thread.sleep(QUIET.toMillis());
        System.out.printf(
                "H2's file: %.1f KB a job after the load, %.1f KB after %d s of quiet.%n",
                grown, service.kilobytesOfAJob(), QUIET.toSeconds());
    }
}
