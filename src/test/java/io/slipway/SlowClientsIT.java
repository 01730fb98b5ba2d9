package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The real jar in 512 MB under 800 connections that mean no good: who means well does not notice. */
@Tag("full")
class SlowClientsIT {

    private static final Duration SETTLES = Duration.ofSeconds(5);
    private static final Duration ATTACK = Duration.ofSeconds(15);
    private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";
    private static final String ALICE = "Authorization: Bearer secret-token\r\n";
    private static final String FORM =
            "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"project\"; filename=\"x.zip\"\r\n\r\nPK";

    @TempDir
    Path folder;

    @Test
    void whoSendsAndReadsSlowlyStopsNobodyElse() throws Exception {
        try (ServiceProcess service = service()) {
            service.start();
            String log = jobWithALongLog(service.port());
            Path archive = LargeArchives.make(folder);
            try (SlowClients attack = attack(service.port(), log).start()) {
                TimeUnit.NANOSECONDS.sleep(SETTLES.toNanos());
                CompletableFuture<List<HttpResponse<String>>> archives =
                        LargeArchives.send(archive, 16, service.port(), "carols-token");
                judge(service, attack);
                judge(archives.get(3, TimeUnit.MINUTES));
            }
            leave(service);
        }
    }

    /** Virtual threads cost nothing, but what they hold does: memory, files, the database's connections. */
    @Test
    void theSameLimitsHoldForVirtualThreads() throws Exception {
        Optional<Path> newer = TestMachine.javaSince(21);
        assumeTrue(newer.isPresent(), "a Java from 21 on, beside that of the tests, under /usr/lib/jvm");
        try (ServiceProcess service = service("spring.threads.virtual.enabled=true", "slipway.api.clients.patience=5s")
                .withJava(newer.orElseThrow())) {
            service.start();
            assertThat(answersToStrangers(60, service.port()))
                    .as("a quarter of the half of server.tomcat.threads.max is waited for")
                    .containsOnly("too-slow", "too-many-clients")
                    .satisfies(answers -> assertThat(Collections.frequency(answers, "too-many-clients"))
                            .isEqualTo(60 - 25));
            assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);
        }
    }

    /** What each of so many strangers is answered who begin a body at once and do not go on. */
    private static List<String> answersToStrangers(int many, int port) throws IOException {
        List<RawClient> strangers = new ArrayList<>();
        try {
            for (int at = 0; at < many; at++) {
                strangers.add(new RawClient(port)
                        .send("POST /ui/login" + HOST + "Content-Type: application/x-www-form-urlencoded\r\n"
                                + "Content-Length: 50000\r\n\r\ntoken="));
            }
            List<String> answers = new ArrayList<>();
            for (RawClient stranger : strangers) {
                answers.add(stranger.answer().problem());
            }
            return answers;
        } finally {
            for (RawClient stranger : strangers) {
                stranger.close();
            }
        }
    }

    private ServiceProcess service(String... more) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                // The SHA-256 of "secret-token", "operator-token" and "carols-token".
                "slipway.security.tokens.alice=930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94",
                "slipway.security.tokens.bob=0850123315d21ab90f4f7236408a52ef6dbd6a02a6550e5c10dc73f4d993680e",
                "slipway.security.tokens.carol=26bf4b15884bb822e9196ca3a07c800bdc523deb8bbf56c1aecbad5ad7f1b3a0",
                "slipway.clusters.local.local.parallelism=1"));
        settings.addAll(List.of(more));
        return new ServiceProcess(ServiceJar.extracted(), folder, settings.toArray(String[]::new))
                .withToken("operator-token");
    }

    private static void leave(ServiceProcess service) throws Exception {
        assertThat(service.isAlive()).isTrue();
        for (String token : List.of("operator-token", "carols-token", "secret-token")) {
            cancelAll(service.port(), token);
        }
    }

    /** 500 strangers, 100 uploads of one owner, and 200 readers who do not read 40 MB. */
    private static SlowClients attack(int port, String job) {
        String login = "POST /ui/login" + HOST
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 50000\r\n\r\ntoken=";
        String page = "GET /webjars/jszip/dist/jszip.min.js" + HOST + "\r\n";
        return new SlowClients(port)
                .with(125, "GET /jobs HTTP/1.1\r\nHost: loc", true)
                .with(125, "POST /jobs" + HOST + FORM, true)
                .with(125, login, true)
                .with(125, page.repeat(4), false)
                .with(100, "POST /jobs" + HOST + ALICE + FORM, true)
                .with(200, "GET /jobs/" + job + "/logs/stdout" + HOST + ALICE + "\r\n", false);
    }

    private static void judge(ServiceProcess service, SlowClients attack) throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            long end = System.nanoTime() + ATTACK.toNanos();
            Future<long[]> health = threads.submit(() -> health(service, end));
            long[] submissions = submissions(service, end);
            long[] looks = health.get(1, TimeUnit.MINUTES);
            System.out.printf(
                    "%d POST /jobs: %d ms (median), %d ms (99 %%); %d looks at health: %d ms (median), %d ms (most); %d hostile connections%n",
                    submissions.length,
                    submissions[submissions.length / 2],
                    submissions[(int) (submissions.length * 0.99)],
                    looks.length,
                    looks[looks.length / 2],
                    looks[looks.length - 1],
                    attack.comings());
            assertThat(submissions[(int) (submissions.length * 0.99)])
                    .as("ms for POST /jobs")
                    .isLessThan(2000);
            assertThat(looks[looks.length - 1]).as("ms for health").isLessThan(1000);
        } finally {
            threads.shutdownNow();
        }
        assertThat(service.isAlive()).isTrue();
    }

    /** None fails but by a refusal that says when to come again. */
    private static void judge(List<HttpResponse<String>> archives) {
        System.out.println("16 archives of 100,000 entries at once: "
                + archives.stream().map(HttpResponse::statusCode).sorted().toList());
        assertThat(archives).anyMatch(answer -> answer.statusCode() == 202).allSatisfy(answer -> {
            assertThat(answer.statusCode()).as(answer.body()).isIn(202, 503);
            if (answer.statusCode() == 503) {
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(answer.body()).containsAnyOf("too-many-uploads", "inspections-busy", "too-many-clients");
            }
        });
    }

    private static long[] submissions(ServiceProcess service, long end) throws Exception {
        FormBody project = new FormBody().file("project", "main.py", "print(1)\n".getBytes(StandardCharsets.UTF_8));
        List<Long> millis = new ArrayList<>();
        Map<String, Integer> answers = new TreeMap<>();
        int accepted = 0;
        while (System.nanoTime() < end) {
            long began = System.nanoTime();
            HttpResponse<String> answer = service.post("/jobs", project);
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            answers.merge(answer.statusCode() == 202 ? "202" : answer.body(), 1, Integer::sum);
            accepted++;
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(answers).containsOnlyKeys("202");
        assertThat(service.jobs()).as("nothing is lost").hasSize(accepted);
        return millis.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static long[] health(ServiceProcess service, long end) throws Exception {
        List<Long> millis = new ArrayList<>();
        while (System.nanoTime() < end) {
            long began = System.nanoTime();
            assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return millis.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /** It goes on running, so that no other job takes the processor from those who are measured. */
    private static String jobWithALongLog(int port) throws Exception {
        ServiceClient alice = new ServiceClient(port);
        alice.token("secret-token");
        String source = "import time\nfor n in range(40):\n    print('x' * (1 << 20), flush=True)\ntime.sleep(600)\n";
        HttpResponse<String> answer =
                alice.post("/jobs", new FormBody().file("project", "long.py", source.getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String id = ServiceClient.JSON.readTree(answer.body()).path("id").asString();
        await().atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> alice.get("/jobs/" + id + "/logs/stdout?offset=" + (39 << 20))
                                .body()
                                .length()
                        > 1 << 20);
        return id;
    }

    /** Those that wait behind the one with the long log go before it: none is to begin, or to end, in a folder that is being deleted. */
    private static void cancelAll(int port, String token) throws Exception {
        ServiceClient owner = new ServiceClient(port);
        owner.token(token);
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            JsonNode alive = owner.json("/jobs?state=QUEUED&state=SUBMITTING&state=PENDING&state=RUNNING&limit=200")
                    .path("items");
            for (JsonNode job : alive) {
                owner.post("/jobs/" + job.path("id").asString() + "/cancel");
            }
            return alive.isEmpty();
        });
    }
}
