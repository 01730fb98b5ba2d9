package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.aws.AwsEnvironment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What those who operate the service see of it: probes, metrics, quotas. */
@Tag("full")
class OperationTest {

    private static final String TOKEN =
            "--slipway.security.tokens.ann=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private final AwsEnvironment aws = new AwsEnvironment();

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path home;

    private ConfigurableApplicationContext service;

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
        aws.close();
    }

    @Test
    void showsMetricsToCallersWithATokenAlone() throws Exception {
        start(TOKEN);
        assertThat(get("/actuator/prometheus", null).statusCode()).isEqualTo(401);
        HttpResponse<String> metrics = get("/actuator/prometheus", "test");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).contains("jvm_memory_used_bytes", "hikaricp_connections_active");
    }

    @Test
    void showsMetricsToEverybodyWhenToldSo() throws Exception {
        start(TOKEN, "--slipway.security.open-metrics=true");
        assertThat(get("/actuator/prometheus", null).statusCode()).isEqualTo(200);
        assertThat(get("/actuator/metrics", null).statusCode()).isEqualTo(401);
    }

    @Test
    void countsJobsByStateAndHowTheyEnd() throws Exception {
        start();
        assertThat(submit().statusCode()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(get("/actuator/prometheus", null).body())
                                .contains(
                                        "slipway_jobs_ended_total{cluster=\"local\"",
                                        "slipway_job_accept_seconds_count{cluster=\"local\"}"));
    }

    @Test
    void isNotReadyWithoutItsDatabaseAndStaysAlive() throws Exception {
        Databases.Database database = Databases.postgres();
        start(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password(),
                "--spring.datasource.hikari.connection-timeout=1000");
        assertThat(get("/actuator/health/readiness", null).statusCode()).isEqualTo(200);
        drop(database);
        HttpResponse<String> readiness = get("/actuator/health/readiness", null);
        assertThat(readiness.statusCode()).isEqualTo(503);
        assertThat(readiness.body()).contains("\"status\":\"DOWN\"},\"readinessState\"");
        assertThat(get("/actuator/health/liveness", null).statusCode()).isEqualTo(200);
    }

    @Test
    void staysReadyWithoutAwsAndSaysSo() throws Exception {
        List.of(
                        "aws.endpointUrl=http://127.0.0.1:1",
                        "aws.region=eu-central-1",
                        "aws.accessKeyId=x",
                        "aws.secretAccessKey=x")
                .forEach(one -> System.setProperty(one.split("=")[0], one.split("=")[1]));
        start("--slipway.artifacts.s3.bucket=projects", "--slipway.clusters.far.emr.cluster-id=j-2AXXXXXXGAPLF");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(get("/actuator/health", null).body())
                        .contains("\"clusters\":{\"details\":{\"far\":\"UNKNOWN: ", "\"status\":\"DEGRADED\""));
        assertThat(get("/actuator/health", null).statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/readiness", null).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAnOwnerWhoHasEnoughJobsAndSaysWhenToComeAgain() throws Exception {
        start("--slipway.quotas.submissions-per-minute=2");
        assertThat(submit().statusCode()).isEqualTo(202);
        assertThat(submit().statusCode()).isEqualTo(202);
        HttpResponse<String> refused = submit();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("urn:slipway:problem:too-many-submissions", "submissions-per-minute");
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 30);
    }

    private void start(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--slipway.home=" + home);
        all.add("--server.port=0");
        service = SpringApplication.run(SlipwayApplication.class, all.toArray(String[]::new));
    }

    private HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> submit() throws IOException, InterruptedException {
        String body = "--b\r\nContent-Disposition: form-data; name=\"project\"; filename=\"main.py\"\r\n"
                + "Content-Type: text/x-python\r\n\r\nprint('hello')\r\n--b--\r\n";
        return http.send(
                HttpRequest.newBuilder(uri("/jobs"))
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port") + path);
    }

    private static void drop(Databases.Database database) {
        String server = database.url().substring(0, database.url().lastIndexOf('/'));
        String name = database.url().substring(server.length() + 1);
        new JdbcTemplate(new DriverManagerDataSource(server + "/postgres", database.user(), database.password()))
                .execute("drop database " + name + " with (force)");
    }
}
