package io.slipway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.RawClient;
import io.slipway.RawClient.Answer;
import io.slipway.api.Fuzzer.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Thousands of requests that follow the API's own description, nearly: each is answered, with what was asked for or with a problem. */
@Tag("full")
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            // The SHA-256 of "secret-token".
            "slipway.security.tokens.alice=930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94",
            "slipway.clusters.local.local.parallelism=1",
            "slipway.quotas.live-jobs=50",
            "slipway.api.clients.headers=2s",
            "slipway.api.clients.patience=2s",
            "slipway.submission.plans.python=/bin/true"
        })
class FuzzIT {

    private static final int REQUESTS = Integer.getInteger("slipway.fuzz.requests", 6000);
    private static final long SEED = Long.getLong("slipway.fuzz.seed", System.nanoTime());

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        Databases.h2(folder).configure(properties);
    }

    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();

    @Test
    void everyRequestIsAnsweredAndEveryRefusalIsAProblem() throws Exception {
        System.out.println("FuzzIT: -Dslipway.fuzz.seed=" + SEED);
        Service service = new Service(port, "secret-token");
        String job = service.post(Service.Form.script("import time\nprint(1)\ntime.sleep(600)\n"))
                .json()
                .path("id")
                .asString();
        String project = service.send(service.request("/plans")
                        .header("Content-Type", "text/x-python")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString("print(1)\n")))
                .json()
                .path("project")
                .asString()
                .replace("sha256:", "");
        assertThat(project).hasSize(64);
        Fuzzer fuzzer = new Fuzzer(SEED, service.get("/v3/api-docs").json(), "secret-token", job, project);
        assertThat(fuzzer.operations()).isGreaterThan(10);
        long began = System.nanoTime();
        for (int request = 0; request < REQUESTS && faults.size() < 20; request++) {
            look(fuzzer.next());
        }
        System.out.printf("%d requests in %d ms: %s%n", REQUESTS, (System.nanoTime() - began) / 1_000_000, statuses);
        assertThat(faults).as("seed " + SEED).isEmpty();
        assertThat(service.get("/actuator/health").status()).isEqualTo(200);
        service.post("/jobs/" + job + "/cancel");
        Awaitility.await()
                .until(() -> !List.of("RUNNING", "SUBMITTING", "PENDING")
                        .contains(
                                service.get("/jobs/" + job).json().path("state").asString()));
    }

    private void look(Call call) throws IOException {
        try (RawClient client = new RawClient(port)) {
            Answer answer = client.send(call.bytes()).answer(call.method());
            statuses.merge(answer.status(), 1, Integer::sum);
            String fault = fault(call, answer);
            if (!fault.isEmpty()) {
                faults.add(fault + " " + answer.status() + " " + answer.headers() + "\n" + answer.text() + "\n<- "
                        + call.text());
            }
        } catch (IOException failure) {
            faults.add(failure + "\n<- " + call.text());
        }
    }

    private static String fault(Call call, Answer answer) {
        int status = answer.status();
        if (status == 0) {
            return "no answer";
        }
        // HTTP's own answers to a method, or a version, that no server need know.
        boolean isOfHttp = status == 501 || status == 505;
        boolean isDocumented = status == 503
                && (call.operation() == null || call.operation().statuses().contains(503));
        if (status >= 500 && !isOfHttp && !isDocumented) {
            return "a fault";
        }
        boolean isPage = answer.headers().getOrDefault("content-type", "").startsWith("text/html");
        if (status >= 400
                && !call.method().equals("HEAD")
                && !isPage
                && answer.problem().isEmpty()) {
            return "no problem";
        }
        return answer.headers().containsKey("x-injected") ? "a header of the client's" : "";
    }
}
