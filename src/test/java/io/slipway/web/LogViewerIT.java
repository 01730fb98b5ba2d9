package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.slipway.api.Service;
import io.slipway.api.Service.Form;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The log viewer under the hands of a person, and before programs that print in all manners. */
@Tag("full")
class LogViewerIT extends ConsolePages {

    private static final String THREE_THOUSAND =
            "for i in range(1, 3001):\n    print('needle' if i in (3, 2000) else 'row', i)\n";

    private Service service;

    @BeforeEach
    void client() {
        service = new Service(port, null);
    }

    @Test
    void aLineThatIsPrintedInPiecesStaysOneLine() throws Exception {
        Page page = opened("""
                import time
                print('begin', flush=True)
                time.sleep(2)
                print('loading', end='', flush=True)
                time.sleep(3)
                print(' done', flush=True)
                time.sleep(2)
                print('end', flush=True)
                time.sleep(2)
                """);
        assertThat(page.locator("#L2 .text")).hasText("loading", within(20));
        assertThat(page.locator("#L2 .text")).hasText("loading done", within(10));
        assertThat(page.locator("#L3 .text")).hasText("end", within(10));
        assertThat(page.locator(".line")).hasCount(3);
        assertThat(numbers(page)).containsExactly("1", "2", "3");
    }

    @Test
    void aProgressBarStaysOneLine() throws Exception {
        Page page = opened("""
                import time
                for i in range(70):
                    print(f'\\r{i} of 69 |' + '#' * i, end='', flush=True)
                    time.sleep(0.1)
                print()
                print('finished', flush=True)
                time.sleep(2)
                """);
        assertThat(page.locator("#L1 .text")).containsText("of 69", contained(20));
        for (int sample = 0; sample < 3; sample++) {
            assertThat(page.locator(".line")).hasCount(1);
            page.waitForTimeout(1000);
        }
        assertThat(page.locator("#L2 .text")).hasText("finished", within(15));
        assertThat(page.locator("#L1 .text")).containsText("69 of 69");
        assertThat(page.locator(".line")).hasCount(2);
    }

    @Test
    void aProgramThatPrintsFasterThanItIsReadIsFollowedWhereItIs() throws Exception {
        Page page = opened("""
                import time
                for start in range(0, 60000, 500):
                    print('\\n'.join(f'row {start + i} of many' for i in range(500)), flush=True)
                    time.sleep(0.1)
                """);
        String id = id(page);
        assertThat(page.locator(".line").first())
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(20_000));
        for (int sample = 0; sample < 4; sample++) {
            page.waitForTimeout(1500);
            int printed = row(service.get("/jobs/" + id + "/logs/stdout?tail=1").text());
            assertThat(printed - row(lastLine(page)))
                    .as("lines that the page is behind")
                    .isLessThan(15_000);
            assertThat(page.locator("[data-follow]")).isChecked();
        }
        assertThat(page.locator(".line").count()).isLessThanOrEqualTo(8000);
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("#L60000 .text")).hasText("row 59999 of many", within(5));
        assertThat(page.locator("[data-follow]")).isChecked();
        assertThat((Boolean) page.locator("[data-log]")
                        .evaluate("box => box.scrollHeight - box.scrollTop - box.clientHeight < 30"))
                .isTrue();
    }

    @Test
    void whoScrollsUpIsNotPulledDownAgainAndFindsTheLinesBetween() throws Exception {
        Page page = opened("""
                import time
                for start in range(0, 12000, 100):
                    print('\\n'.join(f'row {start + i} of many' for i in range(100)), flush=True)
                    time.sleep(0.1)
                """);
        assertThat(page.locator("#L2000")).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(20_000));
        page.locator("[data-log]").hover();
        page.mouse().wheel(0, -600);
        assertThat(page.locator("[data-follow]")).not().isChecked();
        page.waitForTimeout(500);
        Number place = (Number) page.evaluate("document.querySelector('[data-log]').scrollTop");
        page.waitForTimeout(3000);
        assertThat((Number) page.evaluate("document.querySelector('[data-log]').scrollTop"))
                .isEqualTo(place);
        assertThat(state(page)).hasText("Succeeded", soon());
        List<String> numbers = numbers(page);
        assertThat(numbers).doesNotHaveDuplicates();
        for (int at = 1; at < numbers.size(); at++) {
            assertThat(Integer.parseInt(numbers.get(at))).isEqualTo(Integer.parseInt(numbers.get(at - 1)) + 1);
        }
        page.locator("[data-bottom]").click();
        assertThat(page.locator("#L12000")).isInViewport();
        page.locator("[data-top]").click();
        assertThat(page.locator("#L1 .text")).hasText("row 0 of many");
    }

    @Test
    void nothingIsAskedForWhileThePageIsHiddenOrWhenTheJobIsOver() throws Exception {
        Page page = browser.page();
        List<String> asked = new CopyOnWriteArrayList<>();
        page.onRequest(request -> {
            if (isOfLog(request)) {
                asked.add(request.url());
            }
        });
        String id = submit("import time\nfor i in range(90):\n    print('row', i, flush=True)\n    time.sleep(0.1)\n");
        page.navigate(at("/ui/jobs/" + id));
        assertThat(page.locator("#L5")).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(20_000));
        hide(page, true);
        page.waitForTimeout(1500);
        int before = asked.size();
        page.waitForTimeout(3000);
        assertThat(asked).hasSize(before);
        hide(page, false);
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("#L90 .text")).hasText("row 89", within(5));
        page.waitForTimeout(2500);
        int after = asked.size();
        page.waitForTimeout(4000);
        assertThat(asked).hasSize(after);
    }

    @Test
    void linesAreWrappedOrScrolledAsIsWished() throws Exception {
        Page page = ended("print('a very long line ' * 100)\n");
        assertThat(sticksOut(page)).isFalse();
        page.locator("[data-wrap]").uncheck();
        assertThat(sticksOut(page)).isTrue();
        page.locator("[data-wrap]").check();
        assertThat(sticksOut(page)).isFalse();
    }

    @Test
    void theDownloadIsTheLogAndIsThereWithoutScripts() throws Exception {
        Page page = ended("print('Grüße')\nprint('x' * 20000)\nprint('last', end='')\n");
        Download download =
                page.waitForDownload(() -> page.locator("[data-download]").click());
        assertThat(Files.readString(download.path())).isEqualTo("Grüße\n" + "x".repeat(20_000) + "\nlast");
        assertThat(download.suggestedFilename()).isEqualTo(id(page) + "-1-stdout.log");
        Page plain = browser.page(360, 900, ColorScheme.LIGHT, false);
        plain.navigate(page.url());
        assertThat(plain.locator("[data-download]")).isVisible();
    }

    @Test
    void theSearchGoesOnAtTheBeginning() throws Exception {
        Page page = ended(THREE_THOUSAND);
        page.locator("#log-find").fill("NEEDLE");
        for (int line : new int[] {3, 2000, 3, 2000}) {
            page.getByText("Find next").click();
            assertThat(page.locator("#L" + line)).hasClass(Pattern.compile("marked"));
            assertThat(page.locator("#L" + line)).isInViewport();
            assertThat(page.locator("#L" + line + " mark")).hasText("needle");
        }
        page.locator("#log-find").fill("no such thing");
        page.getByText("Find next").click();
        assertThat(page.locator("[data-status]")).hasText("Not found.");
    }

    @Test
    void aLinkToALineLeadsThereAfterAReloadToo() throws Exception {
        Page page = ended(THREE_THOUSAND);
        page.navigate(page.url() + "#L120");
        assertThat(page.locator("#L120")).isInViewport();
        page.reload();
        assertThat(page.locator("#L120")).hasClass(Pattern.compile("marked"));
        assertThat(page.locator("#L120 .text")).hasText("row 120");
        assertThat(page.locator("#L120")).isInViewport();
        page.locator("#L121 .no").click();
        assertThat(page).hasURL(Pattern.compile("#L121$"));
        assertThat(page.locator("#L121")).hasClass(Pattern.compile("marked"));
    }

    @Test
    void eachAttemptHasItsOwnOutput() throws Exception {
        String program = """
                import os, sys
                mark = %s
                if not os.path.exists(mark):
                    open(mark, 'w').close()
                    print('this is the first try')
                    sys.exit(1)
                print('this is the second try')
                """.formatted("'" + folder.resolve("tried").toString() + "'");
        String id = service.post(Form.script(program).field("maxAttempts", "2"))
                .json()
                .path("id")
                .asString();
        service.end(id);
        Page page = browser.page();
        page.navigate(at("/ui/jobs/" + id));
        assertThat(page.locator("[data-lines]")).hasText(Pattern.compile("this is the second try"));
        assertThat(page.locator("#log-title")).containsText("of attempt 2");
        page.getByText("Attempt 1").click();
        assertThat(page.locator("[data-lines]")).hasText(Pattern.compile("this is the first try"));
        page.locator("#tabs a", new Page.LocatorOptions().setHasText("stderr")).click();
        assertThat(page.locator("[data-absent]")).hasText("Nothing was printed here.");
        assertThat(page.locator("#log-title")).containsText("of attempt 1");
        browser.look("attempts", at("/ui/jobs/" + id));
    }

    private String submit(String program) throws Exception {
        return service.post(Form.script(program).field("name", "printing"))
                .json()
                .path("id")
                .asString();
    }

    /** The page of a job that has just been sent. */
    private Page opened(String program) throws Exception {
        Page page = browser.page();
        page.navigate(at("/ui/jobs/" + submit(program)));
        return page;
    }

    /** The page of a job that is over. */
    private Page ended(String program) throws Exception {
        String id = submit(program);
        service.end(id);
        Page page = browser.page();
        page.navigate(at("/ui/jobs/" + id + "?log=stdout"));
        return page;
    }

    private static String id(Page page) {
        return page.url().replaceAll(".*/ui/jobs/([0-9A-Z]{26}).*", "$1");
    }

    private static boolean isOfLog(Request request) {
        return request.url().contains("/log/")
                || "tabs".equals(request.headers().get("hx-target"));
    }

    private static boolean sticksOut(Page page) {
        return (Boolean) page.locator("[data-log]").evaluate("box => box.scrollWidth > box.clientWidth + 1");
    }

    private static String lastLine(Page page) {
        return (String) page.evaluate("document.querySelector('[data-lines]').lastElementChild.lastChild.textContent");
    }

    private static int row(String line) {
        return Integer.parseInt(line.strip().split(" ")[1]);
    }

    @SuppressWarnings("unchecked")
    private static List<String> numbers(Page page) {
        return (List<String>) page.evaluate("[...document.querySelectorAll('.line .no')].map(no => no.textContent)");
    }

    private static LocatorAssertions.HasTextOptions within(int seconds) {
        return new LocatorAssertions.HasTextOptions().setTimeout(seconds * 1000.0);
    }

    private static LocatorAssertions.ContainsTextOptions contained(int seconds) {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(seconds * 1000.0);
    }
}
