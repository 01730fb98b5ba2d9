package io.slipway.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.SlipwayApplication;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A real PostgreSQL that is paused with all its processes: connections stay, new ones are taken by the kernel, and nobody answers. */
@Tag("full")
class DatabaseAwayTest {

    private static final String JOB = "01JD0000000000000000000000";
    private static final String BASIC = "Bearer test";

    @TempDir
    private static Path folder;

    private static EmbeddedPostgres server;
    private static ConfigurableApplicationContext service;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(new File(
                        System.getProperty("java.io.tmpdir"), "embedded-pg-" + System.getProperty("user.name")))
                .setDataDirectory(folder.resolve("pg"))
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "off")
                .start();
        service = SpringApplication.run(
                SlipwayApplication.class,
                "--slipway.home=" + folder.resolve("home"),
                "--server.port=0",
                "--slipway.security.tokens.ann=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres",
                "--spring.datasource.username=postgres",
                "--spring.datasource.password=postgres");
    }

    @AfterEach
    void goOn() throws Exception {
        signal("CONT");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get("/jobs", "Authorization", BASIC).statusCode() == 200);
    }

    @AfterAll
    static void stop() throws IOException {
        if (service != null) {
            service.close();
        }
        server.close();
    }

    @Test
    void everyPathIsAnsweredWithinFiveSecondsAsAProblemThatSaysWhenToComeAgain() throws Exception {
        // Connections that are in use in this moment are not even asked whether they live.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("/jobs", "Authorization", BASIC).statusCode() == 200);
        HttpResponse<String> login = get("/ui/login", "Accept", "text/html");
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        Matcher form = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"").matcher(login.body());
        assertThat(form.find()).isTrue();
        signal("STOP");
        Map<String, CompletableFuture<Answer>> answers = new TreeMap<>();
        for (String path : List.of(
                "/jobs",
                "/jobs/" + JOB,
                "/jobs/" + JOB + "/events",
                "/jobs/" + JOB + "/logs",
                "/jobs/" + JOB + "/logs/stdout",
                "/jobs/" + JOB + "/spark-ui",
                "/events",
                "/stats",
                "/ui/jobs",
                "/ui/jobs/" + JOB,
                "/ui/overview")) {
            answers.put(
                    "GET " + path, timed(request(path, "Authorization", BASIC).GET()));
        }
        answers.put(
                "GET /events as a stream",
                timed(request("/events", "Authorization", BASIC, "Accept", "text/event-stream")
                        .GET()));
        answers.put(
                "GET /jobs/" + JOB + "/events as a stream",
                timed(request("/jobs/" + JOB + "/events", "Authorization", BASIC, "Accept", "text/event-stream")
                        .GET()));
        answers.put(
                "POST /jobs/" + JOB + "/cancel",
                timed(request("/jobs/" + JOB + "/cancel", "Authorization", BASIC)
                        .POST(HttpRequest.BodyPublishers.noBody())));
        answers.put(
                "GET /ui/jobs of a browser",
                timed(request("/ui/jobs", "Cookie", "slipway-session=" + "a".repeat(43))
                        .GET()));
        answers.put(
                "POST /ui/login",
                timed(request("/ui/login", "Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "token=test&_csrf=" + URLEncoder.encode(form.group(1), StandardCharsets.UTF_8)))));
        for (String path : List.of("/jobs", "/plans")) {
            answers.put("POST " + path, timed(upload(path)));
        }
        List<CompletableFuture<Answer>> pages = List.of(
                timed(request("/ui/jobs", "Authorization", BASIC, "Accept", "text/html")
                        .GET()),
                timed(request("/ui/jobs/" + JOB, "Cookie", "slipway-session=" + "a".repeat(43), "Accept", "text/html")
                        .GET()));
        for (CompletableFuture<Answer> page : pages) {
            Answer given = page.join();
            assertThat(given.status).isEqualTo(503);
            assertThat(given.type).as("what a browser is shown: " + given).startsWith("text/html");
            assertThat(given.body).contains("<h1>").contains("This page tries again by itself.");
        }
        answers.forEach((what, answer) -> {
            Answer given = answer.join();
            assertThat(given.status).as(what + ": " + given).isEqualTo(503);
            assertThat(given.type).as(what + ": " + given).startsWith("application/problem+json");
            assertThat(given.retryAfter).as(what + ": " + given).isNotEmpty();
            assertThat(given.body).as(what).contains("urn:slipway:problem:database-unavailable");
            // The limit is 4 s; what is above it is what a busy machine takes to begin with so many requests at once.
            assertThat(given.took).as(what).isLessThan(Duration.ofSeconds(6));
        });
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
    }

    private record Answer(int status, String type, String retryAfter, String body, Duration took) {}

    private CompletableFuture<Answer> timed(HttpRequest.Builder request) {
        long began = System.nanoTime();
        return http.sendAsync(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> new Answer(
                        answer.statusCode(),
                        answer.headers().firstValue("Content-Type").orElse(""),
                        answer.headers().firstValue("Retry-After").orElse(""),
                        answer.body(),
                        Duration.ofNanos(System.nanoTime() - began)));
    }

    private HttpRequest.Builder upload(String path) {
        String body = "--b\r\nContent-Disposition: form-data; name=\"project\"; filename=\"main.py\"\r\n"
                + "Content-Type: text/x-python\r\n\r\nprint('hello')\r\n--b--\r\n";
        return request(path, "Authorization", BASIC, "Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return http.send(
                request(path, headers).timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port") + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** To the server and all that it started. */
    private static void signal(String name) throws IOException, InterruptedException {
        long server = Long.parseLong(Files.readAllLines(folder.resolve("pg/postmaster.pid"), StandardCharsets.US_ASCII)
                .get(0)
                .strip());
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(server)));
        try (Stream<ProcessHandle> children =
                ProcessHandle.of(server).orElseThrow().descendants()) {
            children.forEach(child -> command.add(Long.toString(child.pid())));
        }
        new ProcessBuilder(command).start().waitFor();
    }
}
