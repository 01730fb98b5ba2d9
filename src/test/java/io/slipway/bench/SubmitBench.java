package io.slipway.bench;

import io.slipway.Databases;
import io.slipway.bench.SubmitLoad.Measured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast projects are taken: {@code mvn -q test -Pbench -Dtest=SubmitBench}, on the jar that {@code ./verify} has made. Clients, stand-ins, database
 * and service share the machine.
 */
@Tag("bench")
class SubmitBench {

    private static final int SMALL = 100_000;
    private static final int LARGE = 50_000_000;

    @TempDir
    private Path home;

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void printsATable() throws Exception {
        System.out.println(
                "| database | project | clients | 202s per second | to 202, p50 / p99 | to step, p50 / p99 |");
        System.out.println("|---|---|---|---|---|---|");
        Program program = Program.asShipped(home);
        for (boolean postgres : new boolean[] {false, true}) {
            Path folder = Files.createDirectory(home.resolve(postgres ? "postgres" : "h2"));
            try (SubmitLoad service = new SubmitLoad(folder, postgres ? Databases.postgres() : null, program)) {
                // The first ones are the compiler's.
                service.send(300, 4, SMALL);
                service.send(4, 2, LARGE);
                row(postgres, 1, SMALL, service.send(300, 1, SMALL));
                row(postgres, 16, SMALL, service.send(1000, 16, SMALL));
                row(postgres, 1, LARGE, service.send(15, 1, LARGE));
                row(postgres, 16, LARGE, service.send(48, 16, LARGE));
            }
        }
    }

    private static void row(boolean postgres, int clients, int bytes, Measured measured) {
        System.out.printf(
                "| %s | %s | %d | %.1f | %s / %s | %s / %s |%n",
                postgres ? "PostgreSQL" : "H2",
                bytes == SMALL ? "100 KB" : "50 MB",
                clients,
                measured.perSecond(),
                millis(measured.toAnswer().quantile(0.5)),
                millis(measured.toAnswer().quantile(0.99)),
                millis(measured.toStep().quantile(0.5)),
                millis(measured.toStep().quantile(0.99)));
    }

    private static String millis(Duration time) {
        return time.toMillis() < 10_000 ? time.toMillis() + " ms" : time.toSeconds() + " s";
    }
}
