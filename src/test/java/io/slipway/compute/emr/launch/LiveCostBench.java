package io.slipway.compute.emr.launch;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the requests to S3 cost that a driver makes for an hour of live output which nobody watches, by the channel's own clock: {@code mvn
 * -q test -Pbench -Dtest=LiveCostBench}. Each object is a PUT, with a LIST that S3A makes before it (seen with Hadoop 3.3.4); the look
 * for somebody who watches is a HEAD and a LIST.
 */
@Tag("bench")
class LiveCostBench {

    /** Dollars for 1,000 requests of S3 Standard in us-east-1: https://aws.amazon.com/s3/pricing (PUT and LIST; GET and HEAD). */
    private static final double PUT_OR_LIST = 0.005;

    private static final double GET_OR_HEAD = 0.0004;

    @TempDir
    private Path root;

    @Test
    void printsWhatAnHourOfADriverCosts() throws Exception {
        Path live = Files.write(root.resolve("live.zip"), NodeProgram.live().content());
        Path program = root.resolve("live_cost.py");
        try (InputStream resource = Objects.requireNonNull(getClass().getResourceAsStream("live_cost.py"))) {
            Files.copy(resource, program);
        }
        String told = new Scripts(Files.createDirectory(root.resolve("outputs")))
                .run(root, Map.of(), List.of("python3", program.toString(), live.toString()))
                .out();
        System.out.println("| hour of the run | objects | looks for who watches | requests | dollars |");
        System.out.println("|---|---|---|---|---|");
        int hour = 0;
        for (String line : told.lines().toList()) {
            int puts = Integer.parseInt(line.split(" ")[0]);
            int looks = Integer.parseInt(line.split(" ")[1]);
            double dollars = ((2 * puts + looks) * PUT_OR_LIST + looks * GET_OR_HEAD) / 1000;
            System.out.printf(
                    Locale.ROOT, "| %d | %d | %d | %d | %.4f |%n", ++hour, puts, looks, 2 * (puts + looks), dollars);
        }
    }
}
