package io.slipway.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import io.slipway.Databases;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepScript;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The jar as a process of its own on stand-ins of S3 and EMR, and clients that send it projects. Each project is another one, so that each
 * is stored. Jobs end at once, and EMR's quota does not hold, so that the time until a step is accepted is the service's own.
 */
final class SubmitLoad implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CLUSTER = "j-2AXXXXXXGAPLF";
    private static final String BOUNDARY = "bench";
    private static final byte[] END = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(US_ASCII);
    private static final List<String> BUDGETS =
            List.of("total", "add-job-flow-steps", "cancel-steps", "list-steps", "describe-step", "describe-cluster");

    private final SimulatedEmr emr = SimulatedEmr.start(Clock.systemUTC()).withCluster(CLUSTER, 256, null);
    private final SimulatedS3 s3 = SimulatedS3.start().withBucket("artifacts");
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger projects = new AtomicInteger();
    private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
    private final Map<String, Long> acceptedAt = new ConcurrentHashMap<>();
    private final Process process;
    private final int port;

    /** What a load came to; both times begin with the request. */
    record Measured(int jobs, Duration time, Lags toAnswer, Lags toStep) {
        double perSecond() {
            return jobs / (time.toMillis() / 1000.0);
        }
    }

    /** @param database {@code null} for the H2 file of the service */
    SubmitLoad(Path home, Databases.Database database) throws IOException {
        emr.script(name -> StepScript.succeedsAfter(Duration.ZERO));
        emr.onChange((cluster, step) -> {
            if (step.state().equals("PENDING")) {
                String key = step.name()
                        .substring(step.name().indexOf('[') + 1, step.name().lastIndexOf('-'));
                acceptedAt.put(key, System.nanoTime());
            }
        });
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        this.process = start(home, database);
        await().atMost(Duration.ofMinutes(2)).until(this::isUp);
    }

    private Process start(Path home, Databases.Database database) throws IOException {
        Path jar = Path.of(System.getProperty("slipway.jar", "target/slipway.jar"));
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: ./verify makes it.");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Path.of("src/main/jvm/java.options").toAbsolutePath(),
                "-Xmx512m",
                "-jar",
                jar.toString(),
                "--server.port=" + port,
                "--logging.level.io.slipway=warn",
                "--slipway.home=" + home,
                "--slipway.artifacts.s3.bucket=artifacts",
                "--slipway.artifacts.s3.path-style=true",
                "--slipway.clusters.bench.emr.cluster-id=" + CLUSTER,
                "--slipway.clusters.bench.emr.step-concurrency=256",
                "--slipway.clusters.bench.emr.look-ahead=0",
                "--slipway.compute.emr.pace=1s",
                "--slipway.submission.max-concurrent-uploads=64",
                "--slipway.submission.max-concurrent-uploads-of-owner=64"));
        BUDGETS.forEach(budget -> {
            command.add("--slipway.compute.emr.budget." + budget + ".burst=100");
            command.add("--slipway.compute.emr.budget." + budget + ".per-second=100");
        });
        if (database != null) {
            command.add("--spring.datasource.url=" + database.url());
            command.add("--spring.datasource.username=" + database.user());
            command.add("--spring.datasource.password=" + database.password());
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("service.log").toFile());
        builder.environment().putAll(AwsEnvironment.variables(emr, s3));
        return builder.start();
    }

    private boolean isUp() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the service ended by itself; see its service.log");
        }
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri("/jobs?limit=1")).GET().build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Sends so many projects of the size, each client one after the other; each is another one. */
    Measured send(int jobs, int clients, int bytes) throws InterruptedException, ExecutionException, IOException {
        return send(jobs, clients, bytes, projects::incrementAndGet);
    }

    /** As {@link #send}, with one project again and again. */
    Measured sendAgain(int jobs, int clients, int bytes) throws InterruptedException, ExecutionException, IOException {
        return send(jobs, clients, bytes, () -> 0);
    }

    private Measured send(int jobs, int clients, int bytes, IntSupplier project)
            throws InterruptedException, ExecutionException, IOException {
        byte[] ballast = new byte[bytes];
        new Random(bytes).nextBytes(ballast);
        AtomicInteger left = new AtomicInteger(jobs);
        Lags toAnswer = new Lags();
        List<String> ids = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        long began = System.nanoTime();
        List<Future<?>> done = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            done.add(threads.submit(() -> {
                while (left.getAndDecrement() > 0) {
                    byte[] body = body(ballast, project.getAsInt());
                    long sent = System.nanoTime();
                    String id = submit(body);
                    long answered = System.nanoTime();
                    synchronized (ids) {
                        ids.add(id);
                        sentAt.put(id, sent);
                        toAnswer.add(Duration.ofNanos(answered - sent));
                    }
                }
            }));
        }
        for (Future<?> one : done) {
            one.get();
        }
        Duration time = Duration.ofNanos(System.nanoTime() - began);
        threads.shutdown();
        await().atMost(Duration.ofMinutes(5)).until(() -> acceptedAt.keySet().containsAll(ids));
        Lags toStep = new Lags();
        ids.forEach(id -> toStep.add(Duration.ofNanos(acceptedAt.get(id) - sentAt.get(id))));
        // The stand-in keeps what it was given in memory.
        List.copyOf(s3.keys("artifacts")).forEach(key -> s3.forget("artifacts", key));
        return new Measured(jobs, time, toAnswer, toStep);
    }

    /** Where the job is that was answered last. */
    URI lastJob() {
        return uri("/jobs/"
                + sentAt.keySet().stream().max(Comparator.naturalOrder()).orElseThrow());
    }

    /** Resident memory of the service in megabytes; where the system does not tell, 0. */
    long residentMegabytes() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        return !Files.exists(status)
                ? 0
                : Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                        .findFirst()
                        .orElse(0);
    }

    private String submit(byte[] body) {
        try {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(uri("/jobs"))
                            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofByteArray());
            if (answer.statusCode() != 202) {
                throw new IllegalStateException(answer.statusCode() + " " + new String(answer.body(), US_ASCII));
            }
            return JSON.readTree(answer.body()).path("id").asString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    /** A zip of a script and of data that cannot be compressed, which makes it the size that is wanted. */
    private static byte[] body(byte[] ballast, int number) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream(ballast.length + 2048)) {
            out.writeBytes(
                    ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"project\"; filename=\"p.zip\"\r\n"
                                    + "Content-Type: application/zip\r\n\r\n")
                            .getBytes(US_ASCII));
            ZipOutputStream zip = new ZipOutputStream(out);
            zip.setLevel(0);
            zip.putNextEntry(new ZipEntry("main.py"));
            zip.write(("print(" + number + ")\n").getBytes(US_ASCII));
            zip.putNextEntry(new ZipEntry("data/ballast.bin"));
            zip.write(ballast);
            zip.finish();
            out.writeBytes(END);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        emr.close();
        s3.close();
    }
}
