package io.slipway.artifacts.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.slipway.artifacts.ArtifactName;
import io.slipway.aws.AwsEnvironment;
import io.slipway.project.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** An S3 that is there and does not go on, and one that is only slow. */
class SilentS3Test {

    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final int SIZE = 64 << 20;

    @TempDir
    private Path folder;

    @Test
    void isGivenUpWhenItNeverAnswers() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertGivenUp(URI.create("http://127.0.0.1:" + deaf.getLocalPort()));
        }
    }

    @Test
    void isGivenUpWhenItTakesNothingOfTheBody() throws Exception {
        try (Server server = new Server(body -> Thread.sleep(60_000))) {
            assertGivenUp(server.uri());
        }
    }

    @Test
    void isWaitedForAsLongAsItTakesMore() throws Exception {
        try (Server server = new Server(body -> {
            byte[] piece = new byte[1 << 20];
            while (body.readNBytes(piece, 0, piece.length) > 0) {
                // What the system keeps between the two ends, which may be 37 MB, has to be read within the time.
                Thread.sleep(SILENCE.toMillis() / 50);
            }
        })) {
            long began = System.nanoTime();
            put(server.uri());
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(SILENCE);
        }
    }

    private void assertGivenUp(URI endpoint) {
        long began = System.nanoTime();
        assertThatThrownBy(() -> put(endpoint))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("S3 gave no answer");
        // The time and a little of a busy machine; four attempts would take four times as long.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SILENCE.multipliedBy(3));
    }

    private void put(URI endpoint) throws IOException {
        Path file = folder.resolve("project.zip");
        Files.write(file, new byte[SIZE]);
        S3Settings settings = new S3Settings(
                "bucket",
                "slipway/",
                true,
                S3Settings.Checksums.WHEN_REQUIRED,
                DataSize.ofGigabytes(1),
                DataSize.ofMegabytes(16),
                Duration.ofMinutes(5),
                SILENCE);
        AwsEnvironment environment = new AwsEnvironment().withS3(endpoint);
        try (S3ArtifactStore store = new S3ArtifactStore(
                S3ArtifactsConfiguration.client(settings),
                settings,
                new S3Calls(CircuitBreakerRegistry.ofDefaults(), RetryRegistry.ofDefaults(), SILENCE))) {
            store.put(ArtifactName.project(new ArtifactId("ab12".repeat(16))), file);
        } finally {
            environment.close();
        }
    }

    private interface Reading {
        void of(InputStream body) throws Exception;
    }

    /** Knows no object, and takes one in its own way. */
    private static final class Server implements AutoCloseable {

        private final HttpServer server;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final Reading reading;

        Server(Reading reading) throws IOException {
            this.reading = reading;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::answer);
            server.start();
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        private void answer(HttpExchange exchange) throws IOException {
            boolean put = "PUT".equals(exchange.getRequestMethod());
            try {
                if (put) {
                    reading.of(exchange.getRequestBody());
                }
            } catch (Exception cutOff) {
                exchange.close();
                return;
            }
            exchange.sendResponseHeaders(put ? 200 : 404, -1);
            exchange.close();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
