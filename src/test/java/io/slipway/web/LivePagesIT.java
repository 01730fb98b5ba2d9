package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.api.Service;
import io.slipway.api.Service.Form;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Pages go on by themselves: by one stream each, while somebody looks, and without a jump. */
@Tag("full")
class LivePagesIT extends ConsolePages {

    private static final String SLOW =
            "import time\nfor i in range(30):\n    print(i, flush=True)\n    time.sleep(0.1)\n";

    @Autowired
    private MeterRegistry meters;

    private Service service;
    private final List<Request> streams = new CopyOnWriteArrayList<>();
    private final List<Request> parts = new CopyOnWriteArrayList<>();

    @BeforeEach
    void noStreamIsLeftFromBefore() {
        service = new Service(port, null);
        await().atMost(Duration.ofSeconds(20)).until(() -> openStreams() == 0);
    }

    @Test
    void aJobIsFollowedToItsEndByOneStreamThatEndsWithIt() throws Exception {
        Path program = folder.resolve("followed.py");
        Files.writeString(program, SLOW);
        Page page = send(program);
        page.close();
        Page fresh = listenedTo();
        fresh.navigate(page.url());
        fresh.evaluate("window.notReloaded = true");
        assertThat(state(fresh)).hasText("Succeeded", soon());
        assertThat((Boolean) fresh.evaluate("window.notReloaded")).isTrue();
        assertThat(streams).hasSize(1);
        assertThat(streams.get(0).url()).contains("/events?after=");
        await().until(() -> openStreams() == 0);
        // A browser comes back after the end of a stream by itself, unless it was told not to.
        fresh.waitForTimeout(3000);
        assertThat(streams).hasSize(1);
        assertThat(parts.size()).as("parts of the page that were asked for").isBetween(1, 8);
    }

    @Test
    void theListShowsAJobThatSomebodyElseSentAndWhatBecomesOfIt() throws Exception {
        Page page = listenedTo();
        page.navigate(at("/ui/jobs"));
        page.evaluate("window.notReloaded = true");
        await().until(() -> openStreams() == 1);
        String id = service.post(Form.script(SLOW).field("name", "sent-by-curl"))
                .json()
                .path("id")
                .asString();
        Locator row = page.locator("#job-" + id);
        assertThat(row.locator(".name"))
                .hasText("sent-by-curl", new LocatorAssertions.HasTextOptions().setTimeout(3000));
        row.locator(".name").focus();
        page.evaluate("id => { window.row = document.getElementById(id); }", "job-" + id);
        assertThat(row.locator(".state")).hasText("Succeeded", soon());
        assertThat((Boolean) page.evaluate("id => window.row === document.getElementById(id)", "job-" + id))
                .isTrue();
        assertThat((String) page.evaluate("document.activeElement.textContent")).isEqualTo("sent-by-curl");
        assertThat((Boolean) page.evaluate("window.notReloaded")).isTrue();
        assertThat(streams).hasSize(1);
    }

    @Test
    void aHiddenPageClosesItsStreamAndMissesNothing() throws Exception {
        Page page = listenedTo();
        page.navigate(at("/ui/jobs"));
        await().until(() -> openStreams() == 1);
        hide(page, true);
        await().until(() -> openStreams() == 0);
        int asked = parts.size();
        String id = service.post(Form.script("print(1)").field("name", "while-nobody-looked"))
                .json()
                .path("id")
                .asString();
        service.end(id);
        assertThat(parts).hasSize(asked);
        assertThat(page.locator("#job-" + id)).hasCount(0);
        hide(page, false);
        assertThat(page.locator("#job-" + id + " .state"))
                .hasText("Succeeded", new LocatorAssertions.HasTextOptions().setTimeout(3000));
        assertThat(streams).hasSize(2);
        await().until(() -> openStreams() == 1);
    }

    @Test
    void whatIsUnfoldedScrolledAndMarkedStaysSo() throws Exception {
        Path program = folder.resolve("unfolded.py");
        Files.writeString(program, SLOW);
        Page page = browser.page(900, 420, ColorScheme.LIGHT, true);
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#file", program);
        sent(page);
        page.locator("#live details:has(.history) summary").click();
        page.evaluate("window.scrollTo(0, 120)");
        page.evaluate("getSelection().selectAllChildren(document.querySelector('h1 span'))");
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("#live details:has(.history)")).hasAttribute("open", "");
        assertThat(page.locator("#live details .history li")).not().hasCount(0);
        assertThat(((Number) page.evaluate("window.scrollY")).intValue()).isBetween(100, 140);
        assertThat((String) page.evaluate("getSelection().toString()")).isEqualTo("unfolded");
    }

    @Test
    void theClustersShowWhatRunsThere() throws Exception {
        Page page = listenedTo();
        page.navigate(at("/ui/clusters"));
        await().until(() -> openStreams() == 1);
        String id = service.post(Form.script(SLOW)).json().path("id").asString();
        assertThat(page.getByText("1 running")).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(10_000));
        service.end(id);
        assertThat(page.getByText("0 running")).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(3000));
        assertThat(streams).hasSize(1);
    }

    private Page listenedTo() {
        Page page = browser.page();
        page.onRequest(request -> {
            if (request.resourceType().equals("eventsource")) {
                streams.add(request);
            } else if (request.headers().containsKey("hx-request")) {
                parts.add(request);
            }
        });
        return page;
    }

    private double openStreams() {
        return meters.get("slipway.streams").gauge().value();
    }
}
