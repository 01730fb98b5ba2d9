package io.slipway.bench;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Apache Livy 0.7.1 with a {@code spark-submit} that ends at once: what its own share of taking a batch costs. Its jars are put into {@code
 * target/livy} by {@code ./verify --bench}.
 */
final class Livy implements AutoCloseable {

    private static final Path JARS = Path.of("target/livy").toAbsolutePath();
    /** Livy asks for Spark's version when it starts. */
    private static final String SPARK_SUBMIT = """
            #!/bin/sh
            [ "$1" != --version ] || printf 'version 2.4.5\\nUsing Scala version 2.11.12\\n'
            """;

    private final Process process;
    private final Path stub;
    private final Path said;
    private final int port;
    private final Duration start;

    static boolean isThere() {
        return Files.exists(JARS.resolve("livy-server-0.7.1-incubating.jar"));
    }

    /** Empty, and said, where its jars are not there. */
    static Optional<Livy> start(Path folder) throws IOException {
        if (!isThere()) {
            System.out.println("Livy is not compared: " + JARS + " has none (./verify --bench fetches it).");
            return Optional.empty();
        }
        return Optional.of(new Livy(Files.createDirectories(folder)));
    }

    private Livy(Path folder) throws IOException {
        stub = Files.writeString(
                Files.createDirectories(folder.resolve("spark/bin")).resolve("spark-submit"), SPARK_SUBMIT);
        if (!stub.toFile().setExecutable(true)) {
            throw new IOException(stub + " cannot be made executable");
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        // More sessions at once than it takes by default (100): how many it refuses is not what is measured.
        Files.writeString(folder.resolve("livy.conf"), """
                livy.server.host = 127.0.0.1
                livy.server.port = %d
                livy.spark.master = local
                livy.server.session.max-creation = 1000000
                """.formatted(port));
        Files.writeString(folder.resolve("log4j.properties"), """
                log4j.rootCategory=WARN, console
                log4j.appender.console=org.apache.log4j.ConsoleAppender
                log4j.appender.console.layout=org.apache.log4j.SimpleLayout
                """);
        // Its log of requests.
        Files.createDirectory(folder.resolve("logs"));
        said = folder.resolve("livy.log");
        // The first is for the reflection of its libraries, which are older than Java's modules.
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        folder + File.pathSeparator + JARS.resolve("*"),
                        "org.apache.livy.server.LivyServer")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("SPARK_HOME", folder.resolve("spark").toString());
        builder.environment().put("LIVY_CONF_DIR", folder.toString());
        builder.environment().put("LIVY_HOME", folder.toString());
        long began = System.nanoTime();
        process = builder.start();
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(this::isUp);
        start = Duration.ofNanos(System.nanoTime() - began);
    }

    private boolean isUp() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("Livy ended by itself:\n" + Files.readString(said));
        }
        try {
            return ((HttpURLConnection) batches().toURL().openConnection()).getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    URI batches() {
        return URI.create("http://127.0.0.1:" + port + "/batches");
    }

    URI firstBatch() {
        return URI.create(batches() + "/0");
    }

    Duration timeToStart() {
        return start;
    }

    long residentMegabytes() throws IOException {
        return Usage.megabytes(process);
    }

    Duration cpu() {
        return Usage.cpu(process);
    }

    /** What starting the stub takes by itself, in the median: that much of Livy's time is the machine's. */
    Duration costOfItsStub() throws IOException, InterruptedException {
        Lags lags = new Lags();
        for (int i = 0; i < 50; i++) {
            long began = System.nanoTime();
            new ProcessBuilder(stub.toString(), "x").start().waitFor();
            lags.add(Duration.ofNanos(System.nanoTime() - began));
        }
        return lags.quantile(0.5);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
