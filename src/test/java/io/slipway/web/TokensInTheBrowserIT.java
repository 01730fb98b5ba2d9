package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.Cookie;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** With tokens set, a person logs in once, and the pages do the rest. */
@TestPropertySource(
        properties = {
            // The SHA-256 of "secret-token".
            "slipway.security.tokens.alice=930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94"
        })
@Tag("full")
class TokensInTheBrowserIT extends ConsolePages {

    @Test
    void theLoginPageCanBeReadByEverybody() {
        browser.look("login", at("/ui/login"));
        browser.look("login-refused", at("/ui/login?refused&next=%2Fui%2Fjobs"));
    }

    @Test
    void whoLoggedInSendsAProjectFollowsItAndCancelsAnother() throws IOException {
        Path program = folder.resolve("logged_in.py");
        Files.writeString(program, "print('sent by alice')\n");
        Page page = browser.page();
        List<Request> uploads = new CopyOnWriteArrayList<>();
        page.onRequest(request -> {
            if (request.method().equals("POST") && request.resourceType().equals("xhr")) {
                uploads.add(request);
            }
        });
        logIn(page, "/ui/jobs/new");

        page.setInputFiles("#file", program);
        page.locator("#look").click();
        assertThat(page.locator("#plan-entry")).hasText("logged_in.py");
        sent(page);

        assertThat(uploads)
                .extracting(request -> request.url().replaceFirst(".*/", ""))
                .containsExactly("plans", "jobs");
        assertThat(uploads).allSatisfy(request -> {
            assertThat(request.headers()).containsKey("x-xsrf-token").doesNotContainKey("authorization");
            assertThat(request.response().status()).isBetween(200, 202);
        });
        assertThat(state(page)).hasText("Succeeded", soon());
        assertThat(page.locator("[data-lines]")).containsText("sent by alice");
        assertThat(page.locator("#facts")).containsText("alice");

        Files.writeString(program, "import time\ntime.sleep(600)\n");
        page.navigate(at("/ui/jobs/new"));
        page.setInputFiles("#file", program);
        sent(page);
        assertThat(state(page)).hasText("Running", soon());
        page.locator("summary.danger").click();
        page.locator("button.danger").click();
        assertThat(state(page)).hasText("Cancelled", soon());
    }

    @Test
    void whoLogsOutComesToTheLoginPageAgain() {
        Page page = browser.page();
        logIn(page, "/ui/jobs");
        assertThat(page.context().cookies())
                .filteredOn(cookie -> cookie.name.equals("slipway-session"))
                .singleElement()
                .satisfies(cookie -> assertThat(((Cookie) cookie).httpOnly).isTrue());
        page.getByText("Log out").click();
        assertThat(page).hasURL(at("/ui/login"));
        page.navigate(at("/ui/jobs"));
        assertThat(page).hasURL(Pattern.compile(".*/ui/login\\?next=.*"));
    }

    @Test
    void swaggerUiSubmitsAsItStands() throws IOException {
        Path program = folder.resolve("tried.py");
        Files.writeString(program, "print('tried')\n");
        Page page = browser.page();
        List<Request> sent = new CopyOnWriteArrayList<>();
        page.onRequest(request -> {
            if (request.url().startsWith(at("/jobs"))) {
                sent.add(request);
            }
        });
        logIn(page, "/ui/jobs");
        page.navigate(at("/swagger-ui/index.html"));
        Locator submit = tried(page, "#operations-Jobs-submitJob");

        submit.locator("input[type=file]").first().setInputFiles(program);
        executed(submit, "202");
        assertThat(submit.locator(".live-responses-table tbody .response-col_description"))
                .containsText("\"name\": \"tried\"");
        assertThat(submit.locator(".live-responses-table tbody .response-col_description"))
                .containsText("\"arguments\": []");

        submit.locator("textarea").first().fill("{\"name\": \"with-json\", \"arguments\": [\"a\", \"b\"]}");
        executed(submit, "202");
        assertThat(submit.locator(".live-responses-table tbody .response-col_description"))
                .containsText("\"name\": \"with-json\"");

        Locator list = tried(page, "#operations-Jobs-listJobs");
        executed(list, "200");
        assertThat(list.locator(".live-responses-table tbody .response-col_description"))
                .containsText("with-json");

        List<Request> posts =
                sent.stream().filter(each -> each.method().equals("POST")).toList();
        assertThat(posts).hasSize(2).allSatisfy(request -> {
            assertThat(request.headers()).containsKey("x-xsrf-token").doesNotContainKey("idempotency-key");
        });
        Request listed = sent.get(sent.size() - 1);
        assertThat(listed.url()).matches(Pattern.quote(at("/jobs")) + "(\\?limit=50)?");
    }

    @Test
    void theDescriptionIsReadWithoutAToken() {
        Page page = browser.page();
        page.navigate(at("/swagger-ui.html"));

        assertThat(page.locator("#operations-Jobs-submitJob"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(SOON));
    }

    private static Locator tried(Page page, String operation) {
        Locator block = page.locator(operation);
        block.locator(".opblock-summary-control").click();
        block.locator(".try-out__btn").click();
        return block;
    }

    private static void executed(Locator operation, String status) {
        operation.locator(".btn.execute").click();
        assertThat(operation
                        .locator(".live-responses-table tbody .response-col_status")
                        .first())
                .containsText(status, new LocatorAssertions.ContainsTextOptions().setTimeout(SOON));
    }

    private void logIn(Page page, String wanted) {
        page.navigate(at(wanted));
        page.locator("#token").fill("not-a-token");
        page.locator("main button[type=submit]").click();
        assertThat(page.locator("#token-error")).isVisible();
        page.locator("#token").fill("secret-token");
        page.locator("main button[type=submit]").click();
        assertThat(page).hasURL(at(wanted));
    }
}
