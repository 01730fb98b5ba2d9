package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.S3Fault;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepScript;
import io.slipway.project.HoldingStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The jar is killed at each moment of an acceptance that {@code docs/architecture.md} lists ("What is durable when"), which CrashIT meets by
 * chance. PostgreSQL and S3 tell, and hold, the moment from outside. The client sends its request again until it is answered: one job
 * comes of it, with one step.
 */
@Tag("full")
@Timeout(300)
class KilledAcceptanceIT {

    private static final String PROGRAM = "print(1)\n";

    private static final String CLUSTER = "j-2AXXXXXXGAPLF";
    private static final String KEY = "one-order";
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final Databases.Database database = Databases.postgres();
    private final CountDownLatch lastByte = new CountDownLatch(1);
    private SimulatedEmr emr;
    private SimulatedS3 s3;
    private ServiceProcess service;

    private String program = PROGRAM;

    @BeforeEach
    void startTheService() throws IOException {
        emr = SimulatedEmr.start(Clock.systemUTC()).withCluster(CLUSTER, 10, null);
        emr.script(name -> StepScript.succeedsAfter(Duration.ZERO));
        s3 = SimulatedS3.start().withBucket("artifacts");
        service = new ServiceProcess(
                        ServiceJar.extracted(),
                        folder.resolve("home"),
                        "spring.datasource.url=" + database.url(),
                        "spring.datasource.username=" + database.user(),
                        "spring.datasource.password=" + database.password(),
                        "slipway.artifacts.s3.bucket=artifacts",
                        "slipway.artifacts.s3.path-style=true",
                        "slipway.clusters.main.emr.cluster-id=" + CLUSTER,
                        "slipway.clusters.main.emr.jobs.live=false",
                        "slipway.compute.emr.pace=1s",
                        "slipway.reconcile.lease=2s")
                .withEnvironment(AwsEnvironment.variables(emr, s3))
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        service.close();
        emr.close();
        s3.close();
    }

    @Test
    void whileTheUploadIsRead() throws Exception {
        // A small one leaves nothing on the disk that could tell how far it is.
        program = PROGRAM + "#".repeat(HoldingStream.MOST);
        Thread upload = send();
        await().atMost(LONG).until(() -> CrashIT.filesIn(folder.resolve("home/incoming")), files -> !files.isEmpty());

        killAndStart(upload);

        assertThat(states()).as("nothing is left").isEmpty();
        oneJobComesOfIt();
    }

    @Test
    void whileTheStoreIsAsked() throws Exception {
        s3.failNext("PutObject", S3Fault.slow(Duration.ofSeconds(2)));
        Thread upload = send();
        lastByte.countDown();
        await().atMost(LONG).pollInterval(Duration.ofMillis(2)).until(this::isAsked);

        killAndStart(upload);

        assertThat(states()).isEqualTo("RECEIVING");
        oneJobComesOfIt();
    }

    @Test
    void betweenTheStoresAnswerAndTheSecondTransaction() throws Exception {
        s3.failNext("PutObject", S3Fault.slow(Duration.ofSeconds(1)));
        Thread upload = send();
        lastByte.countDown();
        await().atMost(LONG).pollInterval(Duration.ofMillis(2)).until(this::isAsked);
        try (Connection holder = connect()) {
            holder.setAutoCommit(false);
            holder.createStatement().executeQuery("select id from job for update");
            await().atMost(LONG).until(() -> !s3.keys("artifacts").isEmpty());
            await().atMost(LONG).until(this::somebodyWaitsForTheRow);

            service.kill();
            service.awaitEnd();
        }
        killAndStart(upload);

        assertThat(states()).isEqualTo("RECEIVING");
        oneJobComesOfIt();
        assertThat(s3.keys("artifacts").stream().filter(key -> key.contains("/project")))
                .hasSize(1);
    }

    @Test
    void asSoonAsTheSecondTransactionIsCommitted() throws Exception {
        Thread upload = send();
        lastByte.countDown();
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !states().isEmpty() && !states().equals("RECEIVING"));

        killAndStart(upload);

        // Also of a client that never heard of it: the job is there, and runs by itself.
        await().atMost(LONG).until(() -> states().equals("SUCCEEDED"));
        oneJobComesOfIt();
    }

    private Thread send() {
        Thread upload = new Thread(new PacedUpload(service.port(), KEY, form(), lastByte, Duration.ZERO));
        upload.start();
        return upload;
    }

    private FormBody form() {
        return new FormBody().file("project", "main.py", program.getBytes(StandardCharsets.UTF_8));
    }

    private void killAndStart(Thread upload) throws Exception {
        service.kill();
        service.awaitEnd();
        upload.interrupt();
        upload.join();
        service.start();
    }

    private boolean isAsked() {
        return s3.calls().stream().anyMatch(call -> call.startsWith("PutObject"));
    }

    private boolean somebodyWaitsForTheRow() throws SQLException {
        return query("select count(*) from pg_stat_activity where wait_event_type = 'Lock'", row -> row.getInt(1)) > 0;
    }

    /** The states of all jobs. */
    private String states() throws SQLException {
        return query("select coalesce(string_agg(state, ','), '') from job", row -> row.getString(1));
    }

    private void oneJobComesOfIt() throws Exception {
        HttpResponse<String> answer = service.post("/jobs", form(), "Idempotency-Key", KEY);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
        JsonNode job = ServiceClient.JSON.readTree(answer.body());
        String id = job.get("id").asString();
        await().atMost(LONG).until(() -> service.job(id).get("state").asString().equals("SUCCEEDED"));
        assertThat(service.jobs()).hasSize(1);
        assertThat(emr.steps(CLUSTER)).hasSize(1);
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> T query(String sql, Reading<T> reading) throws SQLException {
        try (Connection connection = connect();
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return reading.of(row);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }
}
