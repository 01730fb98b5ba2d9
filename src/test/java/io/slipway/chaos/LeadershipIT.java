package io.slipway.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.ServiceJar;
import io.slipway.ServiceProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long nobody leads, by the default lease: two real processes, one of which goes. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@Tag("full")
class LeadershipIT {

    /** Of a call of the customers; a stop waits for it. */
    private static final String LONG_POLL = "wait=25";

    @TempDir
    Path folder;

    private final Replicas replicas = new Replicas();
    private ServiceProcess first;
    private String lease;

    @BeforeEach
    void start() throws Exception {
        Path jar = ServiceJar.extracted();
        first = replicas.add(jar, folder.resolve("one"), List.of()).start();
        lease = await().atMost(Duration.ofSeconds(30))
                .until(() -> replicas.leaseholder().orElse(""), holder -> !holder.isEmpty());
        replicas.add(jar, folder.resolve("two"), List.of()).start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        replicas.close();
    }

    @Test
    void anotherLeadsWithinFifteenSecondsOfACrash() {
        first.kill();
        Duration gap = untilAnotherLeads();
        System.out.println("A new leader " + gap.toMillis() + " ms after a crash.");
        assertThat(gap).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void anotherLeadsAtOnceWhenTheLeaderIsToldToStopEvenWhileItsRequestsWait() throws IOException {
        String id = ServiceProcess.JSON
                .readTree(first.post(
                                "/jobs",
                                new io.slipway.FormBody()
                                        .file(
                                                "project",
                                                "main.py",
                                                "import time\ntime.sleep(20)\n"
                                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                        .body())
                .get("id")
                .asString();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> first.job(id).get("state").asString().equals("RUNNING"));
        HttpResponse<String> now = first.get("/jobs/" + id);
        CompletableFuture<Void> waits = CompletableFuture.runAsync(() -> {
            try {
                first.get(
                        "/jobs/" + id,
                        "Prefer",
                        LONG_POLL,
                        "If-None-Match",
                        now.headers().firstValue("ETag").orElseThrow());
            } catch (IOException stopped) {
                // As good as an answer here.
            }
        });
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        first.terminate();
        Duration gap = untilAnotherLeads();
        System.out.println("A new leader " + gap.toMillis() + " ms after a clean stop; the stopping one "
                + (first.isAlive() ? "still answers." : "has ended."));
        assertThat(gap).isLessThan(Duration.ofSeconds(5));
        waits.join();
    }

    private Duration untilAnotherLeads() {
        long gone = System.nanoTime();
        await().pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofMinutes(1))
                .until(() -> replicas.leaseholder()
                        .filter(holder -> !holder.equals(lease))
                        .isPresent());
        return Duration.ofNanos(System.nanoTime() - gone);
    }
}
