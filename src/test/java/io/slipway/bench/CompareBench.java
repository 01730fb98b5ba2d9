package io.slipway.bench;

import io.slipway.Databases;
import io.slipway.bench.Clients.Rate;
import io.slipway.bench.SubmitLoad.Measured;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a submission and a read cost, beside Livy where one runs: {@code ./verify --bench}, or with {@code
 * -Dslipway.bench.livy=http://localhost:8998} next to a Livy whose {@code spark-submit} is a stub. Rounds of both alternate, so that what
 * else the machine does meets both; medians of the rounds are printed, with their ratios.
 */
@Tag("bench")
class CompareBench {

    private static final int ROUNDS = Integer.getInteger("slipway.bench.rounds", 5);
    private static final int SMALL = 12_000;
    private static final String LIVY = System.getProperty("slipway.bench.livy", "");

    @TempDir
    private Path home;

    /** Of each line of the table, what each round measured. */
    private final Map<String, List<Double>> ours = new LinkedHashMap<>();

    private final Map<String, List<Double>> livys = new LinkedHashMap<>();

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void printsATable() throws Exception {
        if (LIVY.isEmpty()) {
            System.out.println("Livy is not compared: -Dslipway.bench.livy=URL names one that runs.");
        }
        for (boolean postgres : new boolean[] {false, true}) {
            ours.clear();
            livys.clear();
            Path folder = Files.createDirectory(home.resolve(postgres ? "postgres" : "h2"));
            long began = System.nanoTime();
            try (SubmitLoad service = new SubmitLoad(folder, postgres ? Databases.postgres() : null)) {
                add(ours, "start to ready, s", seconds(Duration.ofNanos(System.nanoTime() - began)));
                // The first ones are the compiler's.
                service.send(300, 4, SMALL);
                for (int round = 0; round < ROUNDS; round++) {
                    slipway(service);
                    if (!LIVY.isEmpty()) {
                        livy();
                    }
                }
                add(ours, "memory after that load, MB", service.residentMegabytes());
            }
            print(postgres ? "PostgreSQL" : "H2");
        }
    }

    private void slipway(SubmitLoad service) throws Exception {
        Measured again = service.sendAgain(100, 1, SMALL);
        Measured another = service.send(100, 1, SMALL);
        add(
                ours,
                "POST, 1 client, same project, p50 ms",
                millis(again.toAnswer().quantile(0.5)));
        add(
                ours,
                "POST, 1 client, another project, p50 ms",
                millis(another.toAnswer().quantile(0.5)));
        add(
                ours,
                "POST, 16 clients, same project, /s",
                service.sendAgain(400, 16, SMALL).perSecond());
        add(
                ours,
                "POST, 16 clients, another project, /s",
                service.send(400, 16, SMALL).perSecond());
        HttpRequest get = HttpRequest.newBuilder(service.lastJob()).build();
        add(
                ours,
                "GET one job, 4 connections, /s",
                Clients.run(4000, 4, () -> get).perSecond());
    }

    private void livy() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(URI.create(LIVY + "/batches"))
                .header("Content-Type", "application/json")
                .header("X-Requested-By", "bench")
                .POST(BodyPublishers.ofString("{\"file\": \"local:/dev/null\"}"))
                .build();
        Rate one = Clients.run(100, 1, () -> post);
        Rate many = Clients.run(400, 16, () -> post);
        add(livys, "POST, 1 client, same project, p50 ms", millis(one.median()));
        add(livys, "POST, 1 client, another project, p50 ms", millis(one.median()));
        add(livys, "POST, 16 clients, same project, /s", many.perSecond());
        add(livys, "POST, 16 clients, another project, /s", many.perSecond());
        HttpRequest get =
                HttpRequest.newBuilder(URI.create(LIVY + "/batches/0")).build();
        add(
                livys,
                "GET one job, 4 connections, /s",
                Clients.run(4000, 4, () -> get).perSecond());
    }

    private static void add(Map<String, List<Double>> table, String line, double value) {
        table.computeIfAbsent(line, name -> new ArrayList<>()).add(value);
    }

    private void print(String database) {
        System.out.println("| " + database + " | Livy | Slipway | ratio |");
        System.out.println("|---|---|---|---|");
        ours.forEach((line, values) -> {
            List<Double> theirs = livys.get(line);
            System.out.printf(
                    "| %s | %s | %.1f | %s |%n",
                    line,
                    theirs == null ? "" : "%.1f".formatted(median(theirs)),
                    median(values),
                    theirs == null ? "" : "%.2f x".formatted(median(values) / median(theirs)));
        });
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
