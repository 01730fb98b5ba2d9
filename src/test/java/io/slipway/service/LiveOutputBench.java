package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.api.Service;
import io.slipway.api.Service.Form;
import io.slipway.aws.LiveDriver;
import io.slipway.aws.StepScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a line that a driver prints to the same line at a client that follows the log, with fifty drivers that print at once and are all
 * followed: {@code mvn -q test -Pbench -Dtest=LiveOutputBench}. The drivers put what is new every two seconds, as the real ones do at
 * first; the service, its database, the clients and the simulated S3 share this machine.
 */
@Tag("bench")
class LiveOutputBench {

    private static final int DRIVERS = 50;
    private static final int LINES_A_SECOND = 10;
    private static final Duration PACE = Duration.ofSeconds(2);
    private static final Duration MEASURED = Duration.ofSeconds(60);

    private final Queue<Long> lags = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(DRIVERS);

    @TempDir
    private Path home;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void printsHowLateALineIs() throws Exception {
        try (ServiceOnAws aws = new ServiceOnAws(DRIVERS)) {
            aws.emr.script(name -> StepScript.runsLong());
            aws.start(home, "--slipway.clusters.analytics.emr.step-concurrency=" + DRIVERS);
            Service client = aws.client(null);
            List<String> ids = new ArrayList<>();
            for (int job = 0; job < DRIVERS; job++) {
                ids.add(client.post(Form.script("print(1)").field("name", "prints"))
                        .json()
                        .path("id")
                        .asString());
            }
            await().atMost(Duration.ofMinutes(3)).until(() -> {
                aws.emr.advance();
                return ids.stream().allMatch(id -> isRunning(client, id));
            });
            measure(aws, ids);
        }
        List<Long> sorted = lags.stream().sorted().toList();
        assertThat(sorted).isNotEmpty();
        System.out.printf(
                "%d drivers, %d lines: printed to seen by a client p50 %.1f s, p99 %.1f s, longest %.1f s%n",
                DRIVERS,
                sorted.size(),
                sorted.get(sorted.size() / 2) / 1000.0,
                sorted.get(sorted.size() * 99 / 100) / 1000.0,
                sorted.get(sorted.size() - 1) / 1000.0);
    }

    private static boolean isRunning(Service client, String id) {
        try {
            return client.get("/jobs/" + id).json().path("state").asString().equals("RUNNING");
        } catch (Exception notNow) {
            return false;
        }
    }

    private void measure(ServiceOnAws aws, List<String> ids) throws InterruptedException {
        ScheduledExecutorService drivers = Executors.newScheduledThreadPool(4);
        ExecutorService clients = Executors.newFixedThreadPool(DRIVERS);
        try {
            for (int job = 0; job < DRIVERS; job++) {
                Printing printing =
                        new Printing(new LiveDriver(aws.s3, ServiceOnAws.BUCKET, "slipway/", ids.get(job) + "-1"));
                long phase = PACE.toMillis() * job / DRIVERS;
                drivers.scheduleAtFixedRate(printing::print, phase, 1000 / LINES_A_SECOND, TimeUnit.MILLISECONDS);
                drivers.scheduleAtFixedRate(printing::put, phase, PACE.toMillis(), TimeUnit.MILLISECONDS);
                URI log = URI.create(
                        "http://127.0.0.1:" + aws.port() + "/jobs/" + ids.get(job) + "/logs/stdout?follow=true");
                clients.execute(() -> follow(log));
            }
            assertThat(ended.await(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            drivers.shutdownNow();
            clients.shutdownNow();
        }
    }

    /** The first lines are not counted: the log is looked for less often before it is there. */
    private void follow(URI log) {
        try (InputStream in = HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(log).build(), BodyHandlers.ofInputStream())
                        .body();
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Instant from = Instant.now().plusSeconds(15);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Instant now = Instant.now();
                Instant printed = Instant.ofEpochMilli(Long.parseLong(line));
                if (printed.isAfter(from)) {
                    lags.add(Duration.between(printed, now).toMillis());
                }
                if (printed.isAfter(from.plus(MEASURED))) {
                    return;
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /** A program that prints what time it is, and what its live channel does with that. */
    private static final class Printing {

        private final LiveDriver driver;
        private final StringBuilder printed = new StringBuilder();

        Printing(LiveDriver driver) {
            this.driver = driver;
        }

        synchronized void print() {
            printed.append(Instant.now().toEpochMilli()).append('\n');
        }

        void put() {
            String some;
            synchronized (this) {
                some = printed.toString();
                printed.setLength(0);
            }
            if (!some.isEmpty()) {
                driver.prints(some);
            }
        }
    }
}
