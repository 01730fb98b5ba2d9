package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.slipway.Databases;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A real browser before the real service, whose projects really run on this machine. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "slipway.api.stream.heartbeat=500ms"})
// Each suite's service lies in a folder of its own.
@DirtiesContext
abstract class ConsolePages {

    static final double SOON = 60_000;

    @TempDir
    static Path folder;

    static Browser browser;

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        Databases.h2(folder).configure(properties);
    }

    @BeforeAll
    static void open() {
        Browser.needed();
        browser = Browser.open();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nobodyLooksAnyMore() {
        browser.closePages();
    }

    @AfterEach
    void nothingWasRefusedByThePolicyAndNoScriptFailed() {
        assertThat(browser.takeComplaints()).isEmpty();
    }

    Page send(Path program) {
        Page page = browser.page();
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#file", program);
        sent(page);
        return page;
    }

    /** Sends the form, and is on the job's page then. */
    static void sent(Page page) {
        page.locator("#send").click();
        page.waitForURL(Pattern.compile(".*/ui/jobs/[0-9A-Z]{26}"));
    }

    /** As the browser tells a page whose tab goes behind another one. */
    static void hide(Page page, boolean hidden) {
        page.evaluate(
                "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
                        + " document.dispatchEvent(new Event('visibilitychange')); }",
                hidden);
    }

    static Locator state(Page page) {
        return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1))
                .locator(".state");
    }

    static LocatorAssertions.HasTextOptions soon() {
        return new LocatorAssertions.HasTextOptions().setTimeout(SOON);
    }

    String at(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
