package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.slipway.api.Service.Answer;
import io.slipway.aws.LiveDriver;
import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.aws.StepOutput;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Logs in S3 that come slowly, in part, or not at all: none of them passes for what it is not. */
@Tag("full")
class EmrLogsIT extends EmrPages {

    private static final String CAUGHT = """
            Traceback (most recent call last):
              File "project.py", line 3, in <module>
            KeyError: 'caught long ago'
            """;

    @BeforeEach
    void aBrowserIsThere() {
        Browser.needed();
    }

    /** Minutes before EMR ships anything of it. */
    @Test
    void whatADriverPrintsAndHowFarItIsComesOntoItsPageWhileItRuns() throws Exception {
        String id = submit("endless-printing", "analytics");
        await().atMost(60, SECONDS)
                .until(() -> service.get("/jobs/" + id).json().path("state").asString(), "RUNNING"::equals);
        LiveDriver driver = new LiveDriver(s3, "artifacts", "slipway/", id + "-1");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/" + id));
        assertThat(page.locator("#tabs small")).hasCount(0);
        page.evaluate("window.notReloaded = true");
        LocatorAssertions.ContainsTextOptions soon = new LocatorAssertions.ContainsTextOptions().setTimeout(15_000);

        driver.starts();
        driver.prints("the first line\n");
        assertThat(page.locator("#tabs a[aria-current=true]")).containsText("15 B", soon);
        assertThat(page.locator("[data-lines]")).containsText("the first line", soon);
        driver.prints("the second line\n");
        driver.progresses("""
            {"executors": 2, "activeJobs": 1, "activeStages": 1,
             "stages": [{"id": 7, "name": "count at jobs/app.py:10", "tasks": 200, "active": 8, "completed": 50, "failed": 0}]}
            """);
        assertThat(page.locator("[data-lines]")).containsText("the second line", soon);
        assertThat(page.locator("#progress")).containsText("count at jobs/app.py:10", soon);
        assertThat(page.locator("#progress")).containsText("25 % of this stage");
        browser.look("emr-live", at("/ui/jobs/" + id));

        driver.ends(0, Instant.now());
        assertThat(page.locator("#program")).containsText("driver", soon);
        assertThat((Boolean) page.evaluate("window.notReloaded")).isTrue();
        emr.end(CLUSTER, step("endless-printing").id());
    }

    @Test
    void whatIsBeingUnpackedIsSaidAndCorrectedWhenItIsWhole() throws Exception {
        String id = failed("fails-slowly", "application_1767614400000_0051");
        CountDownLatch unpacked = new CountDownLatch(1);
        s3.failNext("GetObject " + driver("application_1767614400000_0051"), S3Fault.held(unpacked));
        put(
                driver("application_1767614400000_0051"),
                CAUGHT + "going on\n" + StepOutput.traceback("/nowhere/late.csv"));
        Page page = whenTheDriverIsThere(id);
        assertThat(page.locator("[data-absent]")).hasText("The log is being unpacked.");
        assertThat(page.locator("#failure")).containsText("The program's output is being unpacked.");
        assertThat(page.locator(".traceback")).hasCount(0);
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/emr-unpacking.png")));
        page.evaluate("window.notReloaded = true");

        unpacked.countDown();
        assertThat(page.locator(".tb-error"))
                .containsText("/nowhere/late.csv", new LocatorAssertions.ContainsTextOptions().setTimeout(20_000));
        assertThat(page.locator(".traceback")).not().containsText("caught long ago");
        assertThat(page.locator("#failure")).not().containsText("unpacked");
        assertThat(page.locator("[data-lines]")).containsText("/nowhere/late.csv");
        assertThat(page.locator("[data-absent]")).isHidden();
        assertThat((Boolean) page.evaluate("window.notReloaded")).isTrue();
    }

    @Test
    void aTracebackComesByItselfWhicheverLogIsLookedAt() throws Exception {
        String id = failed("fails-elsewhere", "application_1767614400000_0052");
        service.get("/jobs/" + id + "/logs/step-controller?tail=1");
        CountDownLatch unpacked = new CountDownLatch(1);
        s3.failNext("GetObject " + driver("application_1767614400000_0052"), S3Fault.held(unpacked));
        put(driver("application_1767614400000_0052"), StepOutput.traceback("/nowhere/other.csv"));
        Page page = whenTheDriverIsThere(id);
        page.navigate(at("/ui/jobs/" + id + "?log=step-controller"));
        assertThat(page.locator("#failure")).containsText("The program's output is being unpacked.");
        unpacked.countDown();
        assertThat(page.locator(".tb-error"))
                .containsText("/nowhere/other.csv", new LocatorAssertions.ContainsTextOptions().setTimeout(40_000));
        assertThat(page.locator("[data-lines]")).containsText("startExec");
    }

    @Test
    void aLogThatS3RefusesIsNotShownAsAnEmptyOne() throws Exception {
        String id = failed("fails-in-secret", "application_1767614400000_0053");
        s3.failNext("GetObject", 1000, S3Fault.error(S3Error.ACCESS_DENIED));
        put(driver("application_1767614400000_0053"), CAUGHT);
        Page page = whenTheDriverIsThere(id);
        assertThat(page.locator("[data-absent]")).hasText("S3 refused to give this log: AccessDenied.");
        assertThat(page.locator("#failure")).containsText("S3 refused to give this log: AccessDenied.");
        Answer tail = service.get("/jobs/" + id + "/logs/stdout?tail=10");
        assertThat(tail.status()).isEqualTo(503);
        assertThat(tail.json().path("detail").asString()).contains("S3 refused to give this log: AccessDenied.");
        browser.look("emr-refused", at("/ui/jobs/" + id));
    }

    @Test
    void aDamagedLogIsNotShownAsAWholeOne() throws Exception {
        String id = failed("fails-halfway", "application_1767614400000_0054");
        StringBuilder text = new StringBuilder(CAUGHT);
        for (int line = 0; line < 50_000; line++) {
            text.append("line ").append(line * 7919L % 10_007).append('\n');
        }
        byte[] whole = StepOutput.gzip(text.toString());
        s3.put("artifacts", driver("application_1767614400000_0054"), Arrays.copyOf(whole, whole.length / 2));
        Page page = whenTheDriverIsThere(id);
        assertThat(page.locator("[data-note]")).hasText("This is not the whole log. Its compressed file is damaged.");
        assertThat(page.locator("[data-lines]")).containsText("line ");
        assertThat(page.locator("#failure")).containsText("Not all of the program's output could be read.");
        assertThat(page.locator(".traceback")).hasCount(0);
        browser.look("emr-damaged", at("/ui/jobs/" + id));
    }

    @Test
    void tailsOfACompressedLogFetchItOnce() throws Exception {
        String id = failed("fails-once", "application_1767614400000_0055");
        String key = driver("application_1767614400000_0055");
        put(key, "first\nsecond\nthird");
        whenTheDriverIsThere(id);
        for (int tail = 1; tail < 4; tail++) {
            String end = "first\nsecond\nthird"
                    .lines()
                    .skip(3 - tail)
                    .reduce((a, b) -> a + "\n" + b)
                    .orElseThrow();
            Answer answer = service.get("/jobs/" + id + "/logs/stdout?tail=" + tail);
            assertThat(answer.text()).isEqualTo(end);
            assertThat(answer.header("Slipway-Log-Offset"))
                    .isEqualTo(Integer.toString(18 - end.getBytes(UTF_8).length));
        }
        assertThat(s3.calls())
                .filteredOn(call -> call.equals("GetObject " + key))
                .hasSize(1);
    }

    /** A job that is over, of whose logs only the step's own have come. */
    private String failed(String name, String application) throws Exception {
        String id = submit(name, "analytics");
        // Before anybody looked for it in vain, and looks again much later.
        await().atMost(20, SECONDS)
                .pollInterval(Duration.ofMillis(20))
                .until(() ->
                        emr.steps(CLUSTER).stream().anyMatch(step -> step.name().startsWith(name)));
        shipStep(step(name), application);
        assertThat(service.end(id).path("state").asString()).isEqualTo("FAILED");
        await().atMost(70, SECONDS)
                .until(() -> run(id).path("applicationId").asString("").equals(application));
        return id;
    }

    private static String driver(String application) {
        String container = application.replace("application", "container") + "_01_000001";
        return "logs/" + CLUSTER + "/containers/" + application + "/" + container + "/stdout.gz";
    }

    /** What a folder of logs holds is known for some seconds. */
    private Page whenTheDriverIsThere(String id) throws Exception {
        await().atMost(20, SECONDS)
                .until(() -> service.get("/jobs/" + id + "/logs").text().contains("\"stdout\""));
        Page page = browser.page();
        page.navigate(at("/ui/jobs/" + id));
        return page;
    }
}
