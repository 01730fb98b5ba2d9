package io.slipway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.EmrStep;
import io.slipway.aws.LiveDriver;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepScript;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the jar takes of the machine with thousands of live jobs of which one ends each second, in real time: {@code mvn -q test -Pbench
 * -Dtest=LiveServiceBench}. H2, simulated EMR with the default quota of one account, drivers that write their ends to S3; nobody asks it
 * anything meanwhile.
 */
@Tag("bench")
class LiveServiceBench {

    private static final int JOBS = Integer.getInteger("slipway.bench.jobs", 10_000);
    private static final int CLUSTERS = Integer.getInteger("slipway.bench.clusters", 100);
    private static final Duration SETTLE = Duration.ofSeconds(Integer.getInteger("slipway.bench.settle", 180));
    private static final Duration MEASURE = Duration.ofSeconds(Integer.getInteger("slipway.bench.measure", 300));

    /** A program ends some seconds before its step does. */
    private static final Duration BEFORE_STEP = Duration.ofSeconds(6);

    private static final String BOUNDARY = "bench";
    private static final int CLIENTS = 8;

    @TempDir
    private Path home;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService drivers = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Duration> runTimes = new ConcurrentHashMap<>();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void printsATable() throws Exception {
        try (SimulatedEmr emr = SimulatedEmr.start(Clock.systemUTC());
                SimulatedS3 s3 = SimulatedS3.start().withBucket("artifacts")) {
            for (int cluster = 0; cluster < CLUSTERS; cluster++) {
                emr.withCluster(id(cluster), 256, null);
            }
            // One a second, once all are there.
            emr.script(name -> {
                Duration time = SETTLE.plusSeconds(60L + runs.getAndIncrement());
                runTimes.put(key(name), time);
                return StepScript.succeedsAfter(time);
            });
            emr.onChange((cluster, step) -> happened(step, s3));
            drivers.scheduleWithFixedDelay(emr::advance, 1, 1, TimeUnit.SECONDS);
            try (StartedProgram service = StartedProgram.of(
                    Program.asShipped(home).with("-Xmx512m"), home, AwsEnvironment.variables(emr, s3), arguments())) {
                long began = System.nanoTime();
                submit(service);
                await().atMost(Duration.ofMinutes(20))
                        .pollInterval(Duration.ofSeconds(20))
                        .until(() -> {
                            System.out.printf(
                                    "  %,d steps after %d s%n",
                                    runs.get(), (System.nanoTime() - began) / 1_000_000_000);
                            return runs.get() >= JOBS;
                        });
                Duration filled = Duration.ofNanos(System.nanoTime() - began);
                emr.limitCalls();
                Thread.sleep(SETTLE.toMillis());
                measure(service, emr, filled);
            }
        } finally {
            drivers.shutdownNow();
        }
    }

    private void measure(StartedProgram service, SimulatedEmr emr, Duration filled) throws Exception {
        emr.forgetCalls();
        int endsBefore = ends.get();
        Duration cpu = Usage.cpu(service.process());
        Thread.sleep(MEASURE.toMillis());
        Duration used = Usage.cpu(service.process()).minus(cpu);
        System.out.println("| live jobs | clusters | ends | of one core | resident, MB | threads | calls to EMR |");
        System.out.println("|---|---|---|---|---|---|---|");
        System.out.printf(
                "| %,d | %d | %d | %.1f %% | %d | %d | %d |%n  submitted in %d s%n",
                JOBS - ends.get(),
                CLUSTERS,
                ends.get() - endsBefore,
                100.0 * used.toNanos() / MEASURE.toNanos(),
                Usage.megabytes(service.process()),
                threads(service.process()),
                emr.calls().size(),
                filled.toSeconds());
    }

    private void happened(EmrStep step, SimulatedS3 s3) {
        String key = key(step.name());
        if (step.state().equals("RUNNING")) {
            LiveDriver driver = new LiveDriver(s3, "artifacts", "slipway/", key);
            driver.starts();
            Instant end = step.startedAt().plus(runTimes.remove(key)).minus(BEFORE_STEP);
            drivers.schedule(
                    () -> driver.ends(0, end),
                    Duration.between(Instant.now(), end).toMillis(),
                    TimeUnit.MILLISECONDS);
        } else if (step.state().equals("COMPLETED")) {
            ends.incrementAndGet();
        }
    }

    private static String key(String stepName) {
        return stepName.substring(stepName.indexOf('[') + 1, stepName.indexOf(']'));
    }

    private static String id(int cluster) {
        return "j-LIVE%06d".formatted(cluster);
    }

    private static List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "--slipway.artifacts.s3.bucket=artifacts",
                "--slipway.artifacts.s3.path-style=true",
                // Only so that ten thousand are there within minutes.
                "--slipway.compute.emr.budget.total.burst=100",
                "--slipway.compute.emr.budget.total.per-second=100",
                "--slipway.compute.emr.budget.add-job-flow-steps.burst=100",
                "--slipway.compute.emr.budget.add-job-flow-steps.per-second=100"));
        for (int cluster = 0; cluster < CLUSTERS; cluster++) {
            arguments.add("--slipway.clusters.c%d.emr.cluster-id=%s".formatted(cluster, id(cluster)));
            arguments.add("--slipway.clusters.c%d.emr.step-concurrency=256".formatted(cluster));
        }
        arguments.add("--slipway.default-cluster=c0");
        return arguments;
    }

    private void submit(StartedProgram service) throws Exception {
        URI jobs = service.uri("/jobs");
        Path script = Files.writeString(home.resolve("main.py"), "print(1)\n");
        String first = post(jobs, "project\"; filename=\"main.py", Files.readString(script), "c0");
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<Future<?>> work = new ArrayList<>();
        AtomicInteger number = new AtomicInteger(1);
        for (int each = 0; each < CLIENTS; each++) {
            work.add(threads.submit(() -> {
                for (int job = number.getAndIncrement(); job < JOBS; job = number.getAndIncrement()) {
                    post(jobs, "project", "job:" + first, "c" + job % CLUSTERS);
                }
                return null;
            }));
        }
        for (Future<?> one : work) {
            one.get();
        }
        threads.shutdown();
    }

    private String post(URI jobs, String project, String content, String cluster)
            throws IOException, InterruptedException {
        String form = part(project, content) + part("cluster", cluster) + "--" + BOUNDARY + "--\r\n";
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(jobs)
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString(UTF_8));
        if (answer.statusCode() != 202) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return answer.body().replaceFirst("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    }

    private static String part(String name, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + content + "\r\n";
    }

    private static long threads(Process process) throws IOException {
        try (var tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            return tasks.count();
        }
    }
}
