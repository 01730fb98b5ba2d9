package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
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
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** What people see of jobs on EMR: a driver that prints on a node of the cluster, and logs that come when they come. */
@DirtiesContext
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
class EmrConsoleIT {

    private static final String CLUSTER = "j-2AXXXXXXGAPLF";
    private static final String APPLICATION = "application_1767614400000_0042";
    private static final String CONTAINERS =
            "logs/" + CLUSTER + "/containers/" + APPLICATION + "/container_1767614400000_0042_01_";

    @TempDir
    static Path folder;

    static SimulatedEmr emr;
    static SimulatedS3 s3;
    static AwsEnvironment environment;
    static Browser browser;

    @LocalServerPort
    int port;

    private Service service;

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
    void nothingWasRefusedByThePolicyAndNoScriptFailed() {
        if (browser != null) {
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
        emr.close();
        s3.close();
        environment.close();
    }

    @Test
    void aFailedJobsTracebackComesFromItsDriversContainer() throws Exception {
        assumeTrue(browser != null, "Chromium is not installed");
        String id = submit("fails-to-load", "analytics");
        assertThat(service.end(id).path("state").asString()).isEqualTo("FAILED");

        Page page = browser.page();
        page.navigate(at("/ui/jobs/" + id));
        assertThat(page.locator("[data-absent]")).containsText("EMR ships logs about every five minutes");
        assertThat(page.locator("#tabs a.coming").first()).hasText("driver stdout");
        browser.look("emr-no-logs-yet", at("/ui/jobs/" + id));

        ship(step("fails-to-load"));
        await().atMost(70, SECONDS)
                .until(() -> run(id).path("applicationId").asString("").equals(APPLICATION));
        assertThat(page.locator(".tb-error"))
                .containsText("FileNotFoundError", new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
        page.navigate(at("/ui/jobs/" + id));
        assertThat(page.locator(".tb-error")).containsText("FileNotFoundError");
        assertThat(page.locator(".failure")).not().containsText("org.apache.spark");
        assertThat(page.locator("#tabs a[aria-current]")).hasText("driver stdout");
        assertThat(page.locator("[data-lines]")).containsText("reading prices");
        assertThat(service.get("/jobs/" + id + "/logs/driver-stdout").text()).contains("FileNotFoundError");
        browser.look("emr-failed", at("/ui/jobs/" + id));

        page.getByText("executors").click();
        assertThat(page.locator("[data-lines]")).containsText("INFO Executor");
        page.locator("#executor").selectOption("executor-000003-stderr");
        page.locator(".executors button").click();
        page.waitForURL(Pattern.compile(".*log=executor-000003-stderr.*"));
        assertThat(page.locator("[data-lines]")).containsText("container 3");
        browser.look("emr-executors", page.url());

        page.navigate(at("/ui/jobs/" + id));
        page.getByText("The exact command").click();
        assertThat(page.locator(".command")).containsText("--deploy-mode cluster");
        assertThat(page.locator(".command")).containsText(id + "-1");
        assertThat(page.locator(".plan-files tbody tr")).hasCount(1);
        browser.look("plan-of-job", page.url());

        Page plain = browser.page(1280, 900, ColorScheme.LIGHT, false);
        plain.navigate(at("/ui/jobs/" + id));
        assertThat(plain.locator(".tb-error")).containsText("FileNotFoundError");
    }

    @Test
    void theSparkUiIsMadeWhenItIsAskedForAndStoredNowhere() throws Exception {
        String id = submit("endless", "analytics");
        await().atMost(30, SECONDS)
                .until(() -> service.get("/jobs/" + id)
                        .json()
                        .path("state")
                        .asString()
                        .equals("RUNNING"));
        assertThat(service.get("/jobs/" + id)
                        .json()
                        .path("links")
                        .path("sparkUi")
                        .asString())
                .endsWith("/jobs/" + id + "/spark-ui");
        Answer first = service.get("/jobs/" + id + "/spark-ui");
        assertThat(first.status()).isEqualTo(202);
        assertThat(Integer.parseInt(first.header("Retry-After"))).isBetween(1, 30);
        await().atMost(20, SECONDS)
                .until(() -> service.get("/jobs/" + id + "/spark-ui").status() == 303);
        Answer made = service.get("/jobs/" + id + "/spark-ui");
        assertThat(made.header("Location")).startsWith("https://" + CLUSTER);
        assertThat(made.header("Cache-Control")).contains("no-store");
        assertThat(service.get("/ui/jobs/" + id + "/spark-ui").header("Location"))
                .isEqualTo(made.header("Location"));
        service.post("/jobs/" + id + "/cancel");
        service.end(id);
        Answer ended = service.get("/jobs/" + id + "/spark-ui");
        assertThat(ended.status()).isEqualTo(202);
        assertThat(ended.text()).contains("two minutes");
        if (browser != null) {
            browser.look("spark-ui", at("/ui/jobs/" + id + "/spark-ui"));
            browser.look("emr-clusters", at("/ui/clusters"));
        }
        JsonNode cluster = service.get("/clusters").json().path("items").get(0);
        assertThat(cluster.path("calls").get(0).path("api").asString()).isEqualTo("all");
    }

    @Test
    void aClusterWithoutLogsSaysSo() throws Exception {
        String id = submit("succeeds", "silent");
        service.end(id);
        Answer log = service.get("/jobs/" + id + "/logs/stdout");
        assertThat(log.status()).isEqualTo(404);
        assertThat(log.json().path("detail").asString()).contains("no LogUri");
        assertThat(service.get("/ui/jobs/" + id, "Accept", "text/html").text()).contains("has no LogUri");
    }

    private String submit(String name, String cluster) throws Exception {
        Answer answer = service.post(
                Form.script("open('/nowhere/prices.csv')").field("name", name).field("cluster", cluster));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("id").asString();
    }

    private JsonNode run(String id) throws Exception {
        return service.get("/jobs/" + id).json().path("runs").get(0);
    }

    private static EmrStep step(String name) {
        return emr.steps(CLUSTER).stream()
                .filter(step -> step.name().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    /** As EMR does it, minutes after the end. */
    private static void ship(EmrStep step) {
        put("logs/" + CLUSTER + "/steps/" + step.id() + "/stderr.gz", StepOutput.failing(APPLICATION));
        put("logs/" + CLUSTER + "/steps/" + step.id() + "/controller.gz", "INFO startExec 'hadoop jar'\n");
        put(CONTAINERS + "000001/stdout.gz", StepOutput.traceback("/nowhere/prices.csv"));
        put(CONTAINERS + "000001/stderr.gz", "26/01/05 12:00:30 ERROR ApplicationMaster: User application exited\n");
        for (int number = 2; number < 30; number++) {
            put(
                    CONTAINERS + "%06d/stderr.gz".formatted(number),
                    "26/01/05 12:00:20 INFO Executor: container " + number + "\n");
        }
    }

    private static void put(String key, String text) {
        s3.put("artifacts", key, StepOutput.gzip(text));
    }

    private String at(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
