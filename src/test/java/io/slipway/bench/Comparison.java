package io.slipway.bench;

import io.slipway.bench.SubmitLoad.Measured;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The same load on a Slipway and on a Livy, round by round. */
final class Comparison implements AutoCloseable {

    /** What is measured; where Livy knows no difference, its figures are the same in two lines. */
    enum Line {
        POST_SAME("POST, 1 client, same project, p50 ms"),
        POST_ANOTHER("POST, 1 client, another project, p50 ms"),
        POSTS_SAME("POST, 16 clients, same project, /s"),
        POSTS_ANOTHER("POST, 16 clients, another project, /s"),
        POSTS_TAIL("POST, 16 clients, another project, p99 / p50"),
        POSTS_TAIL_STREAMS("the same while 200 streams are open"),
        POST_CPU("CPU for a POST of another project, and for its job until EMR has it, ms"),
        GET("GET one job, 4 connections, /s"),
        GET_CPU("CPU for a GET, ms"),
        IDLE_MEMORY("memory before, MB"),
        MEMORY("memory after that load, MB"),
        START("start to ready, s"),
        START_CPU("CPU for that, s");

        private final String words;

        Line(String words) {
            this.words = words;
        }
    }

    /** A project as people have it: some small files. */
    private static final int SMALL = 12_000;

    private static final int STREAMS = 200;

    /** A read costs a small part of a submission, so the compiler needs more of them. */
    private static final int READS = 100;

    private final SubmitLoad service;
    private final @Nullable Livy livy;
    private final Load livysLoad = new Load();
    private final Map<Line, List<Double>> ours = new EnumMap<>(Line.class);
    private final Map<Line, List<Double>> livys = new EnumMap<>(Line.class);

    /** @param livy {@code null} where there is none */
    Comparison(SubmitLoad service, @Nullable Livy livy) throws IOException {
        this.service = service;
        this.livy = livy;
    }

    /** @param requests that submit; of those that read, a hundred times as many */
    void warmUp(int requests) throws IOException {
        add(ours, Line.START, seconds(service.timeToStart()));
        add(ours, Line.START_CPU, seconds(service.cpu()));
        add(ours, Line.IDLE_MEMORY, service.residentMegabytes());
        service.send(requests, 4, SMALL);
        service.get(READS * requests, 4);
        if (livy != null) {
            add(livys, Line.START, seconds(livy.timeToStart()));
            add(livys, Line.START_CPU, seconds(livy.cpu()));
            add(livys, Line.IDLE_MEMORY, livy.residentMegabytes());
            livysLoad.run(Load.Kind.LIVY_BATCH, livy.batches(), requests, 4, 0);
            livysLoad.run(Load.Kind.GET, livy.firstBatch(), READS * requests, 4, 0);
        }
    }

    /** @param share of the requests of a whole round */
    void round(double share) throws IOException {
        slipway(share);
        if (livy != null) {
            livy(livy, share);
        }
    }

    private void slipway(double share) throws IOException {
        int few = (int) (100 * share);
        int many = (int) (400 * share);
        add(
                ours,
                Line.POST_SAME,
                millis(service.sendAgain(few, 1, SMALL).toAnswer().quantile(0.5)));
        add(
                ours,
                Line.POST_ANOTHER,
                millis(service.send(few, 1, SMALL).toAnswer().quantile(0.5)));
        add(ours, Line.POSTS_SAME, service.sendAgain(many, 16, SMALL).perSecond());
        Duration before = service.cpu();
        Measured posts = service.send(many, 16, SMALL);
        add(ours, Line.POST_CPU, millis(service.cpu().minus(before)) / many);
        add(ours, Line.POSTS_ANOTHER, posts.perSecond());
        add(ours, Line.POSTS_TAIL, tail(posts.toAnswer()));
        try (OpenStreams streams = service.openStreams(STREAMS)) {
            add(
                    ours,
                    Line.POSTS_TAIL_STREAMS,
                    tail(service.send(many, 16, SMALL).toAnswer()));
            if (streams.bytes() < STREAMS) {
                throw new IllegalStateException("the streams told nothing");
            }
        }
        before = service.cpu();
        add(ours, Line.GET, service.get(10 * many, 4).perSecond());
        add(ours, Line.GET_CPU, millis(service.cpu().minus(before)) / (10 * many));
    }

    private void livy(Livy livy, double share) throws IOException {
        int batches = (int) (400 * share);
        Load.Measured one = livysLoad.run(Load.Kind.LIVY_BATCH, livy.batches(), batches / 4, 1, 0);
        Duration before = livy.cpu();
        Load.Measured many = livysLoad.run(Load.Kind.LIVY_BATCH, livy.batches(), batches, 16, 0);
        add(livys, Line.POST_CPU, millis(livy.cpu().minus(before)) / batches);
        for (Line line : List.of(Line.POST_SAME, Line.POST_ANOTHER)) {
            add(livys, line, millis(one.quantile(0.5)));
        }
        for (Line line : List.of(Line.POSTS_SAME, Line.POSTS_ANOTHER)) {
            add(livys, line, many.perSecond());
        }
        for (Line line : List.of(Line.POSTS_TAIL, Line.POSTS_TAIL_STREAMS)) {
            add(
                    livys,
                    line,
                    many.quantile(0.99).toNanos() / (double) many.quantile(0.5).toNanos());
        }
        before = livy.cpu();
        Load.Measured gets = livysLoad.run(Load.Kind.GET, livy.firstBatch(), 10 * batches, 4, 0);
        add(livys, Line.GET, gets.perSecond());
        add(livys, Line.GET_CPU, millis(livy.cpu().minus(before)) / (10 * batches));
    }

    private static double tail(Lags lags) {
        return lags.quantile(0.99).toNanos() / (double) lags.quantile(0.5).toNanos();
    }

    /** Slipway's median over Livy's; empty without a Livy. */
    OptionalDouble ratio(Line line) {
        List<Double> theirs = livys.get(line);
        return theirs == null ? OptionalDouble.empty() : OptionalDouble.of(median(ours.get(line)) / median(theirs));
    }

    /** Whether a larger figure is a better one. */
    static boolean isRate(Line line) {
        return line.words.endsWith("/s");
    }

    void print(String database) throws IOException, InterruptedException {
        add(ours, Line.MEMORY, service.residentMegabytes());
        if (livy != null) {
            add(livys, Line.MEMORY, livy.residentMegabytes());
            System.out.printf("Livy's spark-submit is a stub; it takes %.1f ms.%n", millis(livy.costOfItsStub()));
        }
        System.out.println("| " + database + " | Livy 0.7.1 | Slipway | ratio |");
        System.out.println("|---|---|---|---|");
        ours.forEach((line, values) -> {
            List<Double> theirs = livys.get(line);
            System.out.printf(
                    "| %s | %s | %.2f | %s |%n",
                    line.words,
                    theirs == null ? "" : "%.2f".formatted(median(theirs)),
                    median(values),
                    theirs == null ? "" : "%.2f x".formatted(median(values) / median(theirs)));
        });
    }

    private static void add(Map<Line, List<Double>> table, Line line, double value) {
        table.computeIfAbsent(line, name -> new ArrayList<>()).add(value);
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

    @Override
    public void close() {
        livysLoad.close();
    }
}
