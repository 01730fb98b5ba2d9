package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.slipway.api.Service.Answer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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
}
