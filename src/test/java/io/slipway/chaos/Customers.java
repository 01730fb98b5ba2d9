package io.slipway.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** People who send a job each under a key of their own, again and again until somebody answers 202. */
final class Customers implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String BOUNDARY = "chaos";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ExecutorService threads = Executors.newFixedThreadPool(3, work -> {
        Thread thread = new Thread(work, "customer");
        thread.setDaemon(true);
        return thread;
    });
    private final Supplier<URI> service;
    /** Job id by name. */
    final Map<String, String> accepted = new ConcurrentHashMap<>();

    /** @param service where to send the next request to */
    Customers(Supplier<URI> service) {
        this.service = service;
    }

    /** One job of each name; how it ends is in it. */
    static List<String> names(int jobs, Random random) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            int kind = random.nextInt(10);
            names.add((kind < 6 ? "succeeds" : kind < 9 ? "fails" : "interrupted") + "-" + i);
        }
        return names;
    }

    void submit(List<String> names) {
        names.forEach(name -> threads.execute(() -> submit(name)));
    }

    private void submit(String name) {
        while (!accepted.containsKey(name) && !Thread.currentThread().isInterrupted()) {
            try {
                HttpResponse<String> answer = http.send(request(name), BodyHandlers.ofString());
                if (answer.statusCode() == 202 || answer.statusCode() == 200) {
                    accepted.put(name, JSON.readTree(answer.body()).get("id").asString());
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (IOException down) {
                pause();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(String name) {
        String body = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n" + name + "\r\n--"
                + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"project\"; filename=\"main.py\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\nprint(" + name.hashCode() % 7 + ")\n\r\n--" + BOUNDARY
                + "--\r\n";
        return HttpRequest.newBuilder(service.get().resolve("/jobs"))
                .timeout(Duration.ofSeconds(15))
                .header("Idempotency-Key", name)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArray(body.getBytes(UTF_8)))
                .build();
    }

    /** A job as the service shows it. */
    record Shown(String id, String name, String state, String reason) {
        boolean hasEnded() {
            return List.of("SUCCEEDED", "FAILED", "CANCELLED").contains(state);
        }
    }

    /** All jobs by id; empty when nobody answers. */
    Map<String, Shown> jobs() throws InterruptedException {
        Map<String, Shown> jobs = new LinkedHashMap<>();
        try {
            URI next = service.get().resolve("/jobs?limit=200");
            while (next != null) {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(next)
                                .timeout(Duration.ofSeconds(15))
                                .build(),
                        BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    return Map.of();
                }
                JsonNode page = JSON.readTree(answer.body());
                for (JsonNode job : page.get("items")) {
                    String reason = job.path("reason").path("code").asString("");
                    String id = job.get("id").asString();
                    jobs.put(
                            id,
                            new Shown(
                                    id,
                                    job.get("name").asString(),
                                    job.get("state").asString(),
                                    reason));
                }
                String more = page.path("next").asString("");
                next = more.isEmpty() ? null : URI.create(more);
            }
            return jobs;
        } catch (IOException down) {
            return Map.of();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
