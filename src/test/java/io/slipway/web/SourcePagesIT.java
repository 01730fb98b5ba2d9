package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.slipway.git.GitHost;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A project that the service fetches itself, named and followed in the browser. */
@Tag("full")
class SourcePagesIT extends ConsolePages {

    private static GitHost git;

    @DynamicPropertySource
    static void gitHost(DynamicPropertyRegistry properties) throws Exception {
        git = GitHost.start(folder.resolve("git"));
        properties.add("slipway.submission.sources.patience", () -> "300ms");
        properties.add("slipway.sources.git.allow[0].prefix", () -> git.url() + "/team");
        properties.add("slipway.sources.git.allow[0].owners", () -> "*");
        properties.add("slipway.sources.git.allow[0].certificate-file", () -> git.authority());
        properties.add("slipway.sources.git.allow[0].addresses", () -> "127.0.0.0/8");
    }

    @AfterAll
    static void stop() throws Exception {
        git.close();
    }

    @Test
    void aRepositoryIsNamedPlannedFetchedAndRun() throws Exception {
        String commit = git.repository("team/jobs")
                .with("main.py", "print('from git')\n")
                .commit();
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        assertThat(page.locator("main")).containsText("git+" + git.url() + "/team");
        page.locator("#source").fill("git+" + git.url() + "/team/jobs@main");
        page.locator("#look").click();
        assertThat(page.locator("#plan-entry")).hasText("main.py", soon());
        browser.look("source-plan", at("/ui/jobs/new"));
        sent(page);
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("#facts")).containsText("git+" + git.url() + "/team/jobs@main");
        assertThat(page.locator("#facts")).containsText(commit);
        assertThat(page.locator("[data-lines]")).containsText("from git");
    }

    @Test
    void aSlowFetchIsSeenAndEndsWithItsReason() throws Exception {
        git.repository("team/slow").with("main.py", "print('slow')\n").commit();
        CountDownLatch gate = git.gate("team/slow");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.locator("#source").fill("git+" + git.url() + "/team/slow@main");
        sent(page);
        assertThat(state(page)).hasText("Receiving", soon());
        assertThat(page.locator("main")).not().containsText("sha256:");
        assertThat(page.locator("[data-absent]")).containsText("being fetched");
        browser.look("source-receiving", page.url());
        gate.countDown();
        assertThat(state(page)).hasText("Succeeded", soon());
    }

    @Test
    void whatMayNotBeFetchedIsSaidAtTheField() {
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.locator("#source").fill("git+https://example.org/other/jobs@main");
        page.locator("#send").click();
        assertThat(page.locator("[data-error=project]"))
                .containsText("You may not have", new LocatorAssertions.ContainsTextOptions().setTimeout(SOON));
    }

    @Test
    void aFetchThatFailedIsTriedAgainFromItsPage() throws Exception {
        git.repository("team/empty").with("notes.txt", "no program\n").commit();
        CountDownLatch gate = git.gate("team/empty");
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.locator("#source").fill("git+" + git.url() + "/team/empty@main");
        sent(page);
        gate.countDown();
        assertThat(state(page)).hasText("Failed", soon());
        assertThat(page.locator("#failure code")).hasText("SOURCE_FAILED");
        page.getByText("Run again").click();
        assertThat(page.locator("#source")).hasValue("git+" + git.url() + "/team/empty@main");
        assertThat(page.locator("#stored")).hasCount(0);
    }

    @Test
    void aSourceIsNamedWithoutScripts() throws Exception {
        git.repository("team/plain").with("main.py", "print('plain')\n").commit();
        Page page = browser.page(1280, 900, ColorScheme.LIGHT, false);
        page.navigate(at("/ui/jobs/new"));
        page.locator("#source").fill("git+" + git.url() + "/team/plain@main");
        page.locator("#send").click();
        page.waitForURL(Pattern.compile(".*/ui/jobs/[0-9A-Z]{26}"));
        assertThat(page.locator("#facts").textContent()).contains("/team/plain@main");
    }
}
