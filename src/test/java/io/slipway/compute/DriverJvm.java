package io.slipway.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The driver's JVM as far as the live channel meets it: py4j's own gateway over what stands in for Hadoop and Spark (package
 * {@code org.apache}), in a process of its own, which a test may stop, kill or let fail.
 */
public final class DriverJvm implements AutoCloseable {

    private final Path home;
    private final Process process;
    private final int port;
    private final String secret;

    private DriverJvm(Path home, Process process, int port, String secret) {
        this.home = home;
        this.process = process;
        this.port = port;
        this.secret = secret;
    }

    public static DriverJvm start(Path home) throws IOException {
        Files.createDirectories(home);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dfake.home=" + home,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "py4j.GatewayServer",
                        "--enable-auth",
                        "0")
                .redirectError(home.resolve("stderr").toFile())
                .start();
        BufferedReader told = process.inputReader();
        int port = Integer.parseInt(Objects.requireNonNull(told.readLine(), "the gateway has not started"));
        String secret = Objects.requireNonNull(told.readLine());
        DriverJvm jvm = new DriverJvm(home, process, port, secret);
        Thread reader = new Thread(() -> jvm.write(told));
        reader.setDaemon(true);
        reader.start();
        return jvm;
    }

    private void write(BufferedReader told) {
        try (var log = Files.newBufferedWriter(home.resolve("log"))) {
            @Nullable String line;
            while ((line = told.readLine()) != null) {
                log.write(line + "\n");
                log.flush();
            }
        } catch (IOException ended) {
            // with the process
        }
    }

    /** What the application master sets for its Python. */
    public Map<String, String> environment() {
        return environment(port);
    }

    public Map<String, String> environment(int otherPort) {
        return Map.of("PYSPARK_GATEWAY_PORT", String.valueOf(otherPort), "PYSPARK_GATEWAY_SECRET", secret);
    }

    public long pid() {
        return process.pid();
    }

    public int port() {
        return port;
    }

    /** @param fault {@code <file-system|create|create-of-files|close> <how often> <sleep MILLIS|a message>} */
    public void fails(String fault) throws IOException {
        Files.writeString(home.resolve("fault"), fault);
    }

    public void works() throws IOException {
        Files.deleteIfExists(home.resolve("fault"));
        Files.deleteIfExists(home.resolve("spark"));
        Files.deleteIfExists(home.resolve("local"));
    }

    /** @param program whose stage is at work, as Spark knows its path */
    public void hasSparkContext(Path program) throws IOException {
        Files.writeString(home.resolve("spark"), program.toString());
    }

    /** Where the driver does all the work by itself. */
    public void isLocal() throws IOException {
        Files.writeString(home.resolve("local"), "");
    }

    public String log() throws IOException {
        Path log = home.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** The process stays, and answers nobody. */
    public void freeze() throws Exception {
        signal("STOP");
    }

    public void thaw() throws Exception {
        signal("CONT");
    }

    /** As the application master does when the program has ended; what the JVM waits for delays it. */
    public boolean endsWithin(Duration time) throws InterruptedException {
        process.destroy();
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void signal(String name) throws Exception {
        assertThat(new ProcessBuilder(List.of("kill", "-" + name, String.valueOf(process.pid())))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
