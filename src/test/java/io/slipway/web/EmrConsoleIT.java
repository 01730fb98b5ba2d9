package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.slipway.api.Service.Answer;
import io.slipway.aws.StepOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What people see of jobs on EMR: a driver that prints on a node of the cluster, and logs that come when they come. */
@Tag("full")
class EmrConsoleIT extends EmrPages {

    @Test
    void aFailedJobsTracebackComesFromItsDriversContainer() throws Exception {
        Browser.needed();
        String id = submit("fails-to-load", "analytics");
        assertThat(service.end(id).path("state").asString()).isEqualTo("FAILED");

        Page page = browser.page();
        page.navigate(at("/ui/jobs/" + id));
        assertThat(page.locator("[data-absent]")).containsText("EMR ships logs about every five minutes");
        assertThat(page.locator("#tabs a.coming").first()).hasText("stdout");
        browser.look("emr-no-logs-yet", at("/ui/jobs/" + id));

        ship(step("fails-to-load"));
        await().atMost(70, SECONDS)
                .until(() -> run(id).path("applicationId").asString("").equals(APPLICATION));
        assertThat(page.locator(".tb-error"))
                .containsText("FileNotFoundError", new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
        page.navigate(at("/ui/jobs/" + id));
        assertThat(page.locator(".tb-error")).containsText("FileNotFoundError");
        assertThat(page.locator(".failure")).not().containsText("org.apache.spark");
        assertThat(page.locator("#tabs a[aria-current]")).hasText("stdout");
        assertThat(page.locator("[data-lines]")).containsText("reading prices");
        assertThat(page.locator("#log-about")).containsText("Spark joins the two");
        assertThat(service.get("/jobs/" + id + "/logs/stdout").text()).contains("FileNotFoundError");
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
    void aLogThatMayComeIsToldFromOneThatNeverWill() throws Exception {
        String id = submit("endless", "analytics");
        Answer queued = service.get("/jobs/" + id + "/logs/stdout");
        assertThat(queued.status()).isEqualTo(404);
        assertThat(queued.problem()).isEqualTo("log-not-yet-there");
        await().atMost(30, SECONDS)
                .until(() -> service.get("/jobs/" + id)
                        .json()
                        .path("state")
                        .asString()
                        .equals("RUNNING"));

        Answer coming = service.get("/jobs/" + id + "/logs/stdout?tail=10");
        assertThat(coming.problem()).isEqualTo("log-not-yet-there");
        assertThat(Integer.parseInt(coming.header("Retry-After"))).isBetween(1, 60);
        assertThat(coming.json().path("detail").asString()).contains("every five minutes");
        assertThat(service.get("/jobs/" + id + "/logs/executor-000007-stderr").problem())
                .isEqualTo("log-not-yet-there");

        Answer joined = service.get("/jobs/" + id + "/logs/stderr");
        assertThat(joined.problem()).isEqualTo("log-not-found");
        assertThat(joined.header("Retry-After")).isNull();
        assertThat(joined.json().path("detail").asString()).contains("Spark joins");
        assertThat(service.get("/jobs/" + id + "/logs/nonsense").problem()).isEqualTo("log-not-found");
        assertThat(service.get("/jobs/" + id + "/logs/stdout?attempt=2").problem())
                .isEqualTo("log-not-found");
        service.post("/jobs/" + id + "/cancel");
        service.end(id);
    }

    @Test
    void oldNamesOfLogsLeadToThoseOfToday() throws Exception {
        String id = submit("succeeds", "analytics");
        for (String[] names : new String[][] {
            {"driver-stdout", "stdout"},
            {"driver-stderr", "spark"},
            {"controller", "step-controller"},
            {"syslog", "step-syslog"},
            {"attempt-2-driver-stdout", "attempt-2-stdout"}
        }) {
            Answer moved = service.get("/jobs/" + id + "/logs/" + names[0] + "?tail=5&attempt=1");
            assertThat(moved.status()).as(names[0]).isEqualTo(308);
            assertThat(moved.header("Location"))
                    .isEqualTo(at("/jobs/" + id + "/logs/" + names[1] + "?tail=5&attempt=1"));
            Answer page = service.get("/ui/jobs/" + id + "?log=" + names[0] + "&attempt=1", "Accept", "text/html");
            assertThat(page.status()).as(names[0]).isEqualTo(308);
            assertThat(page.header("Location")).endsWith("/ui/jobs/" + id + "?log=" + names[1] + "&attempt=1");
        }
        service.end(id);
    }

    @Test
    void whoReadsAContainerGoesOnReadingItWhenItTurnsOutToBeTheDrivers() throws Exception {
        String application = "application_1767614400000_0061";
        String folder = "logs/" + CLUSTER + "/containers/" + application + "/container_1767614400000_0061_01_000002/";
        String id = submit("fails-unseen", "analytics");
        service.end(id);
        shipStep(step("fails-unseen"), application);
        put(folder + "stdout.gz", "first\n");
        await().atMost(70, SECONDS)
                .until(() -> service.get("/jobs/" + id + "/logs").text().contains("container-000002-stdout"));
        assertThat(service.get("/jobs/" + id + "/logs/stdout").problem()).isEqualTo("log-not-yet-there");
        assertThat(service.get("/jobs/" + id + "/logs/container-000002-stdout").text())
                .isEqualTo("first\n");

        put(folder + "stdout.gz", "first\nsecond\n");
        put(folder + "stderr.gz", StepOutput.applicationMaster());
        await().atMost(30, SECONDS)
                .until(() -> service.get("/jobs/" + id + "/logs/stdout").status() == 200);
        assertThat(service.get("/jobs/" + id + "/logs/container-000002-stdout?offset=6")
                        .text())
                .isEqualTo("second\n");
        JsonNode first =
                service.get("/jobs/" + id + "/logs").json().path("items").get(0);
        assertThat(first.path("name").asString()).isEqualTo("stdout");
        assertThat(first.path("role").asString()).isEqualTo("program");
        assertThat(first.path("note").asString()).contains("Spark joins the two");
    }

    @Test
    void ciScriptPrintsWhatTheProgramPrintedAndOnlyThat(@TempDir Path work) throws Exception {
        String printed = "Words of the yard\n  naïve: 3\nthe last line has no end";
        String application = "application_1767614400000_0062";
        Files.createDirectories(work.resolve("report"));
        Files.writeString(work.resolve("report/main.py"), "print('it runs on a simulated cluster')\n");
        emr.onEnd(step -> {
            if (step.name().startsWith("report")) {
                shipStep(step, application);
                put("logs/" + CLUSTER + "/steps/" + step.id() + "/stdout.gz", "");
                shipDriver(application, printed);
            }
        });
        ProcessBuilder script = new ProcessBuilder(
                        Path.of("examples/ci.sh").toAbsolutePath().toString(),
                        work.resolve("report").toString())
                .redirectOutput(work.resolve("out").toFile())
                .redirectError(work.resolve("err").toFile());
        script.environment().put("SLIPWAY_URL", at(""));
        Process running = script.start();
        try {
            assertThat(running.waitFor(90, SECONDS)).as("it ends").isTrue();
            assertThat(running.exitValue())
                    .as(Files.readString(work.resolve("err")))
                    .isZero();
            assertThat(Files.readString(work.resolve("out"))).isEqualTo(printed);
        } finally {
            running.destroyForcibly();
        }
    }

    @Test
    void aClusterWithoutLogsSaysSo() throws Exception {
        String id = submit("succeeds", "silent");
        service.end(id);
        Answer log = service.get("/jobs/" + id + "/logs/stdout");
        assertThat(log.problem()).isEqualTo("log-not-found");
        assertThat(log.json().path("detail").asString()).contains("no LogUri");
        assertThat(service.get("/ui/jobs/" + id, "Accept", "text/html").text()).contains("has no LogUri");
    }
}
