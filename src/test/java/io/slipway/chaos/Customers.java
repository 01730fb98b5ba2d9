package io.slipway.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.FormBody;
import io.slipway.ServiceClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** People who send a job each under a key of their own, again and again until somebody answers 202; some then cancel it. */
final class Customers implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "customer");
        thread.setDaemon(true);
        return thread;
    });
    private final Supplier<? extends ServiceClient> service;
    /** Job id by name. */
    private final Map<String, String> accepted = new ConcurrentHashMap<>();

    /** @param service where to send the next request to */
    Customers(Supplier<? extends ServiceClient> service) {
        this.service = service;
    }

    /** By three people, one job after the other. */
    void submit(List<String> names) {
        for (int person = 0; person < 3; person++) {
            int first = person;
            threads.execute(() -> {
                for (int i = first; i < names.size(); i += 3) {
                    submit(names.get(i));
                }
            });
        }
    }

    private void submit(String name) {
        Kind kind = Kind.of(name);
        FormBody form = new FormBody()
                .field("name", name)
                .field("spec", kind.spec())
                .file("project", "main.py", ("print(" + name.hashCode() % 7 + ")\n").getBytes(UTF_8));
        String id = ServiceClient.JSON
                .readTree(again(() -> service.get().post("/jobs", form, "Idempotency-Key", name), 202, 200))
                .get("id")
                .asString();
        accepted.put(name, id);
        if (kind.isCancelled()) {
            threads.execute(() -> cancel(id));
        }
    }

    private void cancel(String id) {
        pause(ThreadLocalRandom.current().nextInt(4000));
        // 409: it has ended by itself.
        again(() -> service.get().post("/jobs/" + id + "/cancel"), 200, 202, 409);
    }

    private interface Request {
        HttpResponse<String> send() throws IOException;
    }

    private static String again(Request request, Integer... wanted) {
        while (true) {
            try {
                HttpResponse<String> answer = request.send();
                if (List.of(wanted).contains(answer.statusCode())) {
                    return answer.body();
                }
            } catch (IOException down) {
                // Somebody else, or a later life, will answer.
            }
            pause(150);
        }
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException stop) {
            throw new IllegalStateException("the run is over", stop);
        }
    }

    /** How many were answered 202. */
    int accepted() {
        return accepted.size();
    }

    /** All jobs by id; empty when nobody answers. */
    Map<String, JsonNode> jobs() {
        try {
            Map<String, JsonNode> jobs = new LinkedHashMap<>();
            service.get().jobs().forEach(job -> jobs.put(job.get("id").asString(), job));
            return jobs;
        } catch (IOException down) {
            return Map.of();
        }
    }

    /** What the service tells of the job's story. */
    String story(String id) {
        try {
            return service.get().get("/jobs/" + id + "/events").body();
        } catch (IOException down) {
            return down.toString();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
