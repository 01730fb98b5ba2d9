package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** The console as a person uses it: a real browser, the real service, projects that really run on this machine. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("full")
class ConsoleIT extends ConsolePages {

    @Autowired
    JdbcTemplate jdbc;

    @Test
    @Order(1)
    void theFirstPageSaysHowToBeginAndSendsTheExample() {
        browser.look("empty", at("/ui/jobs"));
        Page page = browser.page();
        page.navigate(at("/"));
        assertThat(page).hasURL(at("/ui/jobs"));
        assertThat(page.locator(".curl")).containsText("curl -F project=@project.zip " + at("/jobs"));
        page.getByText("Run the example").click();
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("[data-lines]")).containsText("launch");
    }

    @Test
    @Order(2)
    void aProjectIsSentThroughThePageAndFollowedWithoutAReload() throws IOException {
        Path program = folder.resolve("counting.py");
        Files.writeString(
                program, "import time\nfor i in range(40):\n    print('line', i, flush=True)\n    time.sleep(0.1)\n");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#file", program);
        assertThat(page.locator("#chosen")).containsText("counting.py");
        page.locator("#name").fill("counting");
        page.locator("#progress-text").evaluate("""
                text => { window.seen = []; new MutationObserver(() => sessionStorage.seen = (sessionStorage.seen || '') + text.textContent)\
                .observe(text, {childList: true, characterData: true, subtree: true}); }""");
        page.locator("#send").click();
        page.waitForURL(Pattern.compile(".*/ui/jobs/[0-9A-Z]{26}"));
        assertThat((String) page.evaluate("sessionStorage.seen")).contains("%");
        page.evaluate("window.notReloaded = true");
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("#L40"))
                .containsText("line 39", new LocatorAssertions.ContainsTextOptions().setTimeout(5000));
        assertThat((Boolean) page.evaluate("window.notReloaded")).isTrue();
        browser.look("job", page.url());

        page.locator("a.button", new Page.LocatorOptions().setHasText("Run again"))
                .click();
        assertThat(page.locator("#name")).hasValue("counting");
        browser.look("run-again", page.url());
        page.locator("#send").click();
        page.waitForURL(Pattern.compile(".*/ui/jobs/[0-9A-Z]{26}"));
    }

    @Test
    @Order(3)
    void aFailedJobShowsTheProgramsTraceback() throws IOException {
        Path program = folder.resolve("failing.py");
        Files.writeString(program, "def load(path):\n    return open(path)\n\nload('/nowhere/prices.csv')\n");
        Page page = send(program);
        assertThat(state(page)).hasText("Failed", soon());
        assertThat(page.locator(".traceback")).containsText("FileNotFoundError");
        assertThat(page.locator(".tb-error")).containsText("/nowhere/prices.csv");
        browser.look("failed", page.url());
        page.navigate(page.url() + "?log=stderr#L2");
        assertThat(page.locator("#L2")).hasClass(Pattern.compile("marked"));
    }

    @Test
    @Order(4)
    void aRunningJobIsCancelledFromItsPage() throws IOException {
        Path program = folder.resolve("endless.py");
        Files.writeString(program, "import time\nwhile True:\n    print('tick', flush=True)\n    time.sleep(1)\n");
        Page page = send(program);
        assertThat(state(page)).hasText("Running", soon());
        page.locator("summary.danger").click();
        page.locator("button.danger").click();
        assertThat(state(page)).hasText("Cancelled", soon());
    }

    @Test
    @Order(5)
    void theErrorsOfTheApiStandAtTheirFields() throws IOException {
        Path program = folder.resolve("fine.py");
        Files.writeString(program, "print('fine')\n");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#file", program);
        page.locator(".fold summary").first().click();
        page.locator("#timeout").fill("two hours");
        page.locator("#entryPoint").fill("fine.py");
        page.locator("#send").click();
        assertThat(page.locator("#problem")).isVisible();
        assertThat(page.locator("[data-error=timeout]")).isVisible();
        assertThat(page.locator("#timeout")).hasAttribute("aria-invalid", "true");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/screenshots/refused.png"))
                .setFullPage(true));
        browser.look("new", at("/ui/jobs/new"));
    }

    @Test
    @Order(6)
    void thePlanIsShownBeforeAnythingRunsAndSentWithoutAnotherUpload() throws IOException {
        Path program = folder.resolve("planned.py");
        Files.writeString(program, "print('as planned')\n");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#file", program);
        page.locator("#look").click();
        assertThat(page.locator("#plan-entry")).hasText("planned.py");
        assertThat(page.locator("#plan-command")).containsText("planned.py");
        page.locator("#plan-count").click();
        assertThat(page.locator("#plan-files tr")).hasCount(1);
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/screenshots/plan.png"))
                .setFullPage(true));
        assertThat(jdbc.queryForObject("select count(*) from job where name = 'planned'", Integer.class))
                .isZero();
        page.locator("#send").click();
        page.waitForURL(Pattern.compile(".*/ui/jobs/[0-9A-Z]{26}"));
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("[data-lines]")).containsText("as planned");
        assertThat(page.locator("h1")).containsText("planned");
    }

    @Test
    @Order(6)
    void aLongLogOpensAtItsEndAndIsSearchedWithoutBeingLoaded() throws IOException {
        Path program = folder.resolve("talking.py");
        Files.writeString(program, """
                import sys
                block = ''.join(f'row {i:06d} of the table, with some text to make it longer\\n' for i in range(10000))
                for i in range(60):
                    sys.stdout.write(block)
                print('needle in the haystack')
                for i in range(3000):
                    print('after', i)
                """);
        Page page = send(program);
        assertThat(state(page)).hasText("Succeeded", soon());
        String address = page.url();
        page.navigate(address);
        assertThat(page.locator("#L603001"))
                .containsText("after 2999", new LocatorAssertions.ContainsTextOptions().setTimeout(5000));
        assertThat(page.locator(".line").count()).isLessThan(7000);
        page.locator("#log-find").fill("needle");
        page.getByText("Find next").click();
        assertThat(page.locator(".line.marked")).containsText("needle in the haystack");
        assertThat(page.locator("#L600001")).hasClass(Pattern.compile("marked"));
        page.navigate(address + "#L300000");
        page.reload();
        assertThat(page.locator("#L300000")).containsText("row 009999");
    }

    @Test
    @Order(7)
    void theListIsFilteredByItsAddressAndPagedThroughTenThousandJobs() {
        insert(10_000);
        Page page = browser.page();
        page.navigate(at("/ui/jobs?text=old-job&label=batch%3D7"));
        assertThat(page.locator("tbody tr")).hasCount(50);
        assertThat(page.locator("#f-text")).hasValue("old-job");
        page.navigate(at("/ui/jobs"));
        page.locator(".chip.s-failed").click();
        page.waitForURL(Pattern.compile(".*state=FAILED"));
        assertThat(page.locator("tbody tr .state").first()).hasText("Failed");
        browser.look("list", at("/ui/jobs"));

        page.navigate(at("/ui/jobs?text=old-job"));
        int pages = 1;
        int rows = page.locator("tbody tr").count();
        while (page.locator("a[rel=next]").count() > 0) {
            page.navigate(at(page.locator("a[rel=next]").getAttribute("href")));
            rows += page.locator("tbody tr").count();
            pages++;
        }
        assertThat(rows).isEqualTo(10_000);
        assertThat(pages).isEqualTo(200);
    }

    @Test
    @Order(8)
    void thePagesCanBeReadWithoutScripts() {
        Page page = browser.page(1280, 900, ColorScheme.LIGHT, false);
        page.navigate(at("/ui/jobs?text=failing"));
        page.locator("tbody a.name").first().click();
        assertThat(page.locator(".traceback")).containsText("FileNotFoundError");
        assertThat(page.locator("[data-lines]")).containsText("FileNotFoundError");
        browser.look("clusters", at("/ui/clusters"));
    }

    @Test
    @Order(9)
    void swaggerUiWorksUnderItsPolicy() {
        Page page = browser.page();
        page.navigate(at("/swagger-ui.html"));
        assertThat(page.locator(".opblock").first())
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(SOON));
    }

    private void insert(int count) {
        String project = jdbc.queryForObject("select min(artifact_id) from job", String.class);
        String spec = jdbc.queryForObject("select min(spec) from job", String.class);
        List<Object[]> jobs = new ArrayList<>();
        List<Object[]> labels = new ArrayList<>();
        Timestamp at = Timestamp.from(Instant.parse("2026-01-01T00:00:00Z"));
        for (int number = 0; number < count; number++) {
            String id = "01KDW" + String.format("%021d", number);
            jobs.add(new Object[] {
                id, "old-job-" + number, project, spec, number % 9 == 0 ? "FAILED" : "SUCCEEDED", at, at
            });
            labels.add(new Object[] {id, "batch", Integer.toString(number % 100)});
        }
        jdbc.batchUpdate(
                "insert into job (id, version, owner, name, cluster, artifact_id, spec, fingerprint, state, changes, attempt,"
                        + " created_at, heartbeat_at) values (?, 0, 'local', ?, 'local', ?, ?, 'x', ?, 0, 1, ?, ?)",
                jobs);
        jdbc.batchUpdate(
                "insert into job_label (job_id, label_key, label_value, owner, cluster) values (?, ?, ?, 'local', 'local')",
                labels);
    }

    @Test
    @Order(20)
    void theFormWorksWithoutScripts() throws IOException {
        Path program = folder.resolve("plain.py");
        Files.writeString(program, "import sys\nprint(sys.argv[1:])\n");
        Page page = browser.page(1280, 900, ColorScheme.LIGHT, false);
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#file", program);
        page.locator("#name").fill("without-scripts");
        page.locator("#arguments").fill("one\ntwo words");
        page.locator("#send").click();
        page.waitForURL(Pattern.compile(".*/ui/jobs/[0-9A-Z]{26}"));
        assertThat(page.locator("h1")).containsText("without-scripts");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            page.reload();
            assertThat(page.locator("[data-lines]").textContent()).contains("['one', 'two words']");
        });
        page.navigate(at("/ui/jobs/new"));
        page.locator("#name").fill("nothing chosen");
        page.locator("#send").click();
        assertThat(page.locator("h1")).isVisible();
        assertThat(page.locator("main").textContent()).contains("Send the project");
    }

    @Test
    @Order(21)
    void aLostConnectionIsSaidAndMendsItself() throws IOException {
        Path program = folder.resolve("cut-off.py");
        Files.writeString(
                program, "import time\nfor i in range(600):\n    print(i, flush=True)\n    time.sleep(0.5)\n");
        Page page = send(program);
        assertThat(state(page)).hasText("Running", soon());
        assertThat(page).hasTitle(Pattern.compile("Running · cut-off.*"));
        assertThat(page.locator("#icon")).hasAttribute("href", Pattern.compile(".*icon-running.*"));
        page.context().setOffline(true);
        assertThat(page.locator("#connection"))
                .containsText("Connection lost", new LocatorAssertions.ContainsTextOptions().setTimeout(15000));
        page.context().setOffline(false);
        assertThat(page.locator("#connection")).isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(15000));
        double before = width(page);
        page.waitForTimeout(2500);
        assertThat(width(page)).as("the bar of what runs grows").isGreaterThan(before);
        page.locator("summary.danger").click();
        page.locator("button.danger").click();
        assertThat(state(page)).hasText("Cancelled", soon());
        assertThat(page).hasTitle(Pattern.compile("Cancelled · cut-off.*"));
    }

    private static double width(Page page) {
        return Double.parseDouble(page.locator(".spans rect.s-running").first().getAttribute("width"));
    }

    @Test
    @Order(22)
    void coloursMatchesAndLinksOfTheOutput() throws IOException {
        Path program = folder.resolve("colourful.py");
        Files.writeString(
                program,
                "for i in range(30):\n    print('line', i)\nprint('\\033[31mred needle\\033[0m plain')\nprint('a needle')\n");
        Page page = send(program);
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator(".ansi-red").first()).hasText("red needle");
        page.keyboard().press("/");
        assertThat(page.locator("#log-find")).isFocused();
        page.keyboard().type("needle");
        page.keyboard().press("Enter");
        assertThat(page.locator("[data-status]")).hasText("1 of 2 lines");
        assertThat(page.locator(".line.marked")).containsText("red needle plain");
        page.keyboard().press("Enter");
        assertThat(page.locator("[data-status]")).hasText("2 of 2 lines");
        page.keyboard().press("Shift+Enter");
        assertThat(page.locator("[data-status]")).hasText("1 of 2 lines");
        page.locator("#L31 .no").click();
        assertThat(page).hasURL(Pattern.compile(".*attempt=1&log=stdout&line=31#L31"));
        Page scriptless = browser.page(1280, 900, ColorScheme.LIGHT, false);
        scriptless.navigate(page.url().replaceAll("#.*", ""));
        assertThat(scriptless.locator(".line.marked")).containsText("red needle plain");
        assertThat(scriptless.locator(".ansi-red")).hasText("red needle");
        page.context().grantPermissions(java.util.List.of("clipboard-read", "clipboard-write"));
        page.getByText("Copy id").click();
        assertThat(page.getByText("Copied")).isVisible();
        assertThat(page.url()).contains((String) page.evaluate("navigator.clipboard.readText()"));
        browser.look("job-colours", page.url().replaceAll("[?].*", ""));
    }
}
