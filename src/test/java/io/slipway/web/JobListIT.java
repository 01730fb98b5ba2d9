package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.slipway.api.Service;
import io.slipway.api.Service.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The list of jobs: found, sorted, counted, chosen from; and it does not move under a hand. */
@Tag("full")
class JobListIT extends ConsolePages {

    private static final String SLOW = "import time\ntime.sleep(600)\n";

    private Service service;

    @BeforeEach
    void connect() {
        service = new Service(port, null);
    }

    @AfterEach
    void nothingGoesOn() throws Exception {
        for (JsonNode job : service.get("/jobs?state=QUEUED,SUBMITTING,PENDING,RUNNING")
                .json()
                .path("items")) {
            service.post("/jobs/" + job.path("id").asString() + "/cancel");
        }
    }

    private String send(String name, String program) throws Exception {
        return service.post(Form.script(program).field("name", name))
                .json()
                .path("id")
                .asString();
    }

    private String ended(String name) throws Exception {
        String id = send(name, "print('" + name + "')\n");
        service.end(id);
        return id;
    }

    private static List<String> names(Page page) {
        return page.locator("table.jobs .name").allTextContents();
    }

    private static LocatorAssertions.HasTextOptions briefly() {
        return new LocatorAssertions.HasTextOptions().setTimeout(5000);
    }

    @Test
    void theListIsSortedByItsHeadsAndPagedInThatOrder() throws Exception {
        for (String name : List.of("sort-b", "sort-c", "sort-a")) {
            ended(name);
        }
        Page page = browser.page();
        page.navigate(at("/ui/jobs?text=sort-"));
        assertThat(names(page)).containsExactly("sort-a", "sort-c", "sort-b");
        page.locator("a.sort", new Page.LocatorOptions().setHasText("Job")).click();
        assertThat(page).hasURL(Pattern.compile(".*sort=name.*"));
        assertThat(names(page)).containsExactly("sort-a", "sort-b", "sort-c");
        assertThat(page.locator("th[aria-sort=ascending]")).hasText("Job");
        page.locator("a.sort", new Page.LocatorOptions().setHasText("Job")).click();
        assertThat(page).hasURL(Pattern.compile(".*sort=name-reversed.*"));
        assertThat(names(page)).containsExactly("sort-c", "sort-b", "sort-a");
        page.navigate(at("/ui/jobs?text=sort-&sort=ended-reversed"));
        assertThat(names(page)).containsExactly("sort-b", "sort-c", "sort-a");
        assertThat(page.locator("th.num").last()).hasText("Ended");
    }

    @Test
    void anIdIsFoundByHowItBegins() throws Exception {
        String id = ended("by-prefix");
        Page page = browser.page();
        page.navigate(at("/ui/jobs?text=" + id.substring(0, 20)));
        assertThat(page.locator("#job-" + id)).hasCount(1);
        page.navigate(at("/ui/jobs?text=" + id));
        assertThat(page).hasURL(at("/ui/jobs/" + id));
    }

    @Test
    void statesAreCountedAndActiveMeansAllThatHaveNotEnded() throws Exception {
        String running = send("active-one", SLOW);
        ended("active-two");
        Page page = browser.page();
        page.navigate(at("/ui/jobs"));
        assertThat(page.locator(".chip.s-active small")).hasText("1");
        page.locator(".chip.s-active input").check();
        page.waitForURL(Pattern.compile(".*state=active.*"));
        assertThat(names(page)).containsExactly("active-one");
        service.post("/jobs/" + running + "/cancel");
        assertThat(page.locator(".chip.s-active small")).hasText("0", soon());
        assertThat(page.locator(".empty h2")).hasText("No job matches", soon());
    }

    @Test
    void aListUnderTheMouseStaysWhereItIsAndSaysWhatIsNew() throws Exception {
        ended("held");
        Page page = browser.page();
        page.navigate(at("/ui/jobs"));
        Locator first = page.locator("table.jobs tbody tr").first();
        first.hover();
        String before = first.getAttribute("id");
        ended("came-meanwhile");
        ended("came-meanwhile-too");
        assertThat(page.locator("#news")).hasText("2 new", briefly());
        assertThat(page.locator("table.jobs tbody tr").first()).hasAttribute("id", before);
        page.locator("#news").click();
        assertThat(page.locator("table.jobs .name").first()).hasText("came-meanwhile-too", briefly());
        assertThat(page.locator("#news")).isHidden();
        first = page.locator("table.jobs tbody tr").first();
        first.hover();
        ended("when-the-mouse-had-gone");
        assertThat(page.locator("#news")).hasText("1 new", briefly());
        page.mouse().move(5, 5);
        assertThat(page.locator("table.jobs .name").first()).hasText("when-the-mouse-had-gone", briefly());
    }

    @Test
    void chosenJobsAreCancelledAfterAQuestionAndRunAgainTogether() throws Exception {
        List<String> ids = new ArrayList<>(List.of(send("many-1", SLOW), send("many-2", SLOW)));
        Page page = browser.page();
        page.navigate(at("/ui/jobs?text=many-"));
        assertThat(page.locator("button[value=again]")).isDisabled();
        ids.forEach(id -> page.locator("#job-" + id + " .pick").check());
        assertThat(page.locator("#selected-count")).hasText("2 selected");
        page.locator(".selection summary").click();
        page.locator(".selection button[value=cancel]").click();
        assertThat(page.locator(".notice")).hasText("2 jobs are being cancelled.");
        for (String id : ids) {
            assertThat(page.locator("#job-" + id + " .state")).hasText("Cancelled", soon());
        }
        ids.forEach(id -> page.locator("#job-" + id + " .pick").check());
        page.locator("button[value=again]").click();
        assertThat(page.locator(".notice")).hasText("2 jobs were sent again.");
        assertThat(page.locator("table.jobs tbody tr")).hasCount(4);
        page.locator("table.jobs .name").first().click();
        assertThat(page.locator(".origin a")).hasText(Pattern.compile(String.join("|", ids)));
        page.getByText("Compare with its origin").click();
        assertThat(page.locator("h1")).containsText("no difference");
    }

    @Test
    void aFormThatIsSentTwiceRunsItsJobsAgainOnce() throws Exception {
        String id = ended("twice");
        Page page = browser.page();
        page.navigate(at("/ui/jobs?text=twice"));
        page.evaluate("""
                async id => {
                  const form = new FormData(document.getElementById('selected'));
                  form.set('id', id);
                  form.set('action', 'again');
                  for (let each = 0; each < 2; each++)
                    await fetch('/ui/jobs/selected', { method: 'POST', body: new URLSearchParams(form) });
                }""", id);
        page.reload();
        assertThat(page.locator("table.jobs tbody tr")).hasCount(2);
    }

    @Test
    void jobsAreChosenWithoutScripts() throws Exception {
        String id = ended("scriptless");
        Page page = browser.page(1280, 900, ColorScheme.LIGHT, false);
        page.navigate(at("/ui/jobs?text=scriptless"));
        page.locator("#job-" + id + " .pick").check();
        page.locator("button[value=again]").click();
        assertThat(page.locator(".notice")).hasText("1 job was sent again.");
        assertThat(page.locator("table.jobs tbody tr")).hasCount(2);
    }

    @Test
    void nothingJumpsWhileThePageIsMade() throws Exception {
        for (int each = 0; each < 3; each++) {
            ended("steady");
        }
        for (String path : List.of("/ui/jobs", "/ui/clusters", "/ui/overview", "/ui/jobs/new")) {
            Page page = browser.page();
            page.addInitScript("window.shifts = 0; new PerformanceObserver(list => list.getEntries().forEach(each =>"
                    + " { if (!each.hadRecentInput) window.shifts += each.value; }))"
                    + ".observe({type: 'layout-shift', buffered: true});");
            page.navigate(at(path));
            page.waitForTimeout(700);
            assertThat(((Number) page.evaluate("window.shifts")).doubleValue())
                    .as("how much %s jumps", path)
                    .isLessThan(0.1);
        }
    }

    @Test
    void pagesAndWhatTheyAreMadeOfAreCompressed() throws Exception {
        Page page = browser.page();
        List<String> plain = new ArrayList<>();
        page.onResponse(response -> {
            String type = response.headers().getOrDefault("content-type", "");
            if (type.matches("text/(html|css|javascript).*")
                    && !"gzip".equals(response.headers().get("content-encoding"))) {
                plain.add(response.url());
            }
        });
        page.navigate(at("/ui/jobs"));
        await().untilAsserted(() -> assertThat(plain).isEmpty());
    }

    @Test
    void theListIsReadableAtEveryWidth() throws Exception {
        String running = send("nightly-prices", SLOW);
        service.end(service.post(Form.script("raise ValueError('no prices for 2026-11-27')\n")
                        .field("name", "load-prices")
                        .field("labels", "team=pricing"))
                .json()
                .path("id")
                .asString());
        ended("word-report");
        browser.look("list", at("/ui/jobs"));
        for (int width : new int[] {768, 1024}) {
            Page page = browser.page(width, 900, ColorScheme.LIGHT, true);
            page.navigate(at("/ui/jobs"));
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(java.nio.file.Path.of("target/screenshots/list-light-" + width + ".png")));
            assertThat((Integer) page.evaluate(
                            "document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                    .isZero();
            assertThat((Integer) page.evaluate(
                            "(box => box.scrollWidth - box.clientWidth)(document.querySelector('.card.scroll'))"))
                    .as("how far the table sticks out at %d px", width)
                    .isZero();
        }
        service.post("/jobs/" + running + "/cancel");
    }
}
