package io.slipway.bench;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The service as a process of its own, on a free port, once it says that it is ready. */
final class StartedProgram implements AutoCloseable {

    private final Process process;
    private final int port;
    private final Duration start;

    private StartedProgram(Process process, int port) {
        this.process = process;
        this.port = port;
        long began = System.nanoTime();
        try {
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(20))
                    .until(this::isReady);
        } catch (RuntimeException notReady) {
            close();
            throw notReady;
        }
        this.start = Duration.ofNanos(System.nanoTime() - began);
    }

    /** @param home of the service, in which its {@code service.log} is written, too */
    static StartedProgram of(Program program, Path home, Map<String, String> environment, List<String> arguments)
            throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(program.command());
        command.addAll(List.of("--server.port=" + port, "--slipway.home=" + home, "--logging.level.io.slipway=warn"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("service.log").toFile());
        builder.environment().putAll(environment);
        return new StartedProgram(builder.start(), port);
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the service ended by itself; see its service.log");
        }
        try {
            return ((HttpURLConnection)
                                    uri("/actuator/health/readiness").toURL().openConnection())
                            .getResponseCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    Process process() {
        return process;
    }

    /** From the start of the process until it was ready. */
    Duration timeToStart() {
        return start;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
