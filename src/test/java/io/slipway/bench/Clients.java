package io.slipway.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Clients that send one request after the other, each over a connection that it keeps. */
final class Clients {

    /** What they saw. */
    record Rate(double perSecond, Duration median) {}

    private Clients() {}

    static Rate run(int requests, int clients, Supplier<HttpRequest> request)
            throws InterruptedException, ExecutionException {
        AtomicInteger left = new AtomicInteger(requests);
        Lags lags = new Lags();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        List<Future<?>> done = new ArrayList<>();
        long began = System.nanoTime();
        for (int client = 0; client < clients; client++) {
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            done.add(threads.submit(() -> {
                while (left.getAndDecrement() > 0) {
                    long sent = System.nanoTime();
                    send(http, request.get());
                    synchronized (lags) {
                        lags.add(Duration.ofNanos(System.nanoTime() - sent));
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : done) {
            one.get();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        threads.shutdown();
        return new Rate(requests / seconds, lags.quantile(0.5));
    }

    private static void send(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 400) {
            throw new IOException(answer.statusCode() + " " + new String(answer.body(), UTF_8));
        }
    }
}
