package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.EmrStep;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepOutput;
import io.slipway.aws.StepScript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** A real browser before the real service, whose cluster and store are stand-ins. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "slipway.artifacts.s3.bucket=artifacts",
            "slipway.artifacts.s3.path-style=true",
            "slipway.clusters.analytics.emr.cluster-id=j-2AXXXXXXGAPLF",
            "slipway.clusters.analytics.emr.step-concurrency=5",
            "slipway.clusters.silent.emr.cluster-id=j-2SILENT00001",
            "slipway.default-cluster=analytics",
            "slipway.compute.emr.log-path-style=true",
            "slipway.compute.emr.pace=300ms",
            "slipway.compute.emr.cluster-age=1s",
            "slipway.compute.emr.budget.list-steps.per-second=10",
            "slipway.reconcile.applications=300ms",
            "slipway.reconcile.roll-up=300ms"
        })
// Each suite's service lies in a folder of its own.
@DirtiesContext
abstract class EmrPages {

    static final String CLUSTER = "j-2AXXXXXXGAPLF";
    static final String APPLICATION = "application_1767614400000_0042";
    static final String CONTAINERS =
            "logs/" + CLUSTER + "/containers/" + APPLICATION + "/container_1767614400000_0042_01_";

    @TempDir
    static Path folder;

    static SimulatedEmr emr;
    static SimulatedS3 s3;
    static AwsEnvironment environment;
    static Browser browser;

    @LocalServerPort
    int port;

    Service service;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) throws IOException {
        emr = SimulatedEmr.start(Clock.systemUTC())
                .withCluster(CLUSTER, 5, "s3n://artifacts/logs")
                .withCluster("j-2SILENT00001", 1, null);
        s3 = SimulatedS3.start().withBucket("artifacts");
        emr.script(name -> name.startsWith("fails")
                ? StepScript.failsAfter(Duration.ofMillis(300), "Unknown Error")
                : name.startsWith("endless")
                        ? StepScript.runsLong()
                        : StepScript.succeedsAfter(Duration.ofMillis(300)));
        environment = new AwsEnvironment()
                .withS3(s3.endpoint())
                .with("aws.endpointUrlEmr", emr.endpoint().toString());
        properties.add("slipway.home", () -> folder.resolve("home"));
        Databases.h2(folder).configure(properties);
    }

    @BeforeEach
    void open() {
        service = new Service(port, null);
        if (browser == null && Browser.executable().isPresent()) {
            browser = Browser.open();
        }
    }

    @AfterEach
    void nobodyLooksAnyMore() {
        s3.recover();
        if (browser != null) {
            browser.closePages();
        }
    }

    @AfterEach
    void nothingWasRefusedByThePolicyAndNoScriptFailed() {
        if (browser != null) {
            assertThat(browser.takeComplaints()).isEmpty();
        }
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
        emr.close();
        s3.close();
        environment.close();
    }

    String submit(String name, String cluster) throws Exception {
        Answer answer = service.post(
                Form.script("open('/nowhere/prices.csv')").field("name", name).field("cluster", cluster));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("id").asString();
    }

    JsonNode run(String id) throws Exception {
        return service.get("/jobs/" + id).json().path("runs").get(0);
    }

    static EmrStep step(String name) {
        return emr.steps(CLUSTER).stream()
                .filter(step -> step.name().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    /** As EMR does it, minutes after the end. */
    static void ship(EmrStep step) {
        shipStep(step, APPLICATION);
        for (int number = 3; number < 30; number++) {
            put(CONTAINERS + "%06d/stderr.gz".formatted(number), StepOutput.executor(number));
        }
        shipDriver(APPLICATION, StepOutput.traceback("/nowhere/prices.csv"));
    }

    static void shipStep(EmrStep step, String application) {
        put("logs/" + CLUSTER + "/steps/" + step.id() + "/stderr.gz", StepOutput.failing(application));
        put("logs/" + CLUSTER + "/steps/" + step.id() + "/controller.gz", "INFO startExec 'hadoop jar'\n");
    }

    /** Its container is not always the first: an allocation that YARN throws away uses up a number. */
    static void shipDriver(String application, String printed) {
        String folder = "logs/" + CLUSTER + "/containers/" + application + "/"
                + application.replace("application", "container") + "_01_000002/";
        put(folder + "stdout.gz", printed);
        put(folder + "stderr.gz", StepOutput.applicationMaster());
    }

    static void put(String key, String text) {
        s3.put("artifacts", key, StepOutput.gzip(text));
    }

    String at(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
