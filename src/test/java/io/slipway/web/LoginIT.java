package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.Databases;
import io.slipway.api.Service;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Pages where tokens are set: who comes in, how long, and what a page of another site can make a browser do. */
@DirtiesContext
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            // The SHA-256 of "secret-token".
            "slipway.security.tokens.alice=930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94",
            // And of "operator-token".
            "slipway.security.tokens.olga=0850123315d21ab90f4f7236408a52ef6dbd6a02a6550e5c10dc73f4d993680e",
            // And of "carol-token".
            "slipway.security.tokens.carol=6c0d2c0b430d9d9e3231e2645090c735a5059173d4ddf51f186e3f32e01bc832",
            "slipway.security.operators=olga",
            "slipway.quotas.submissions-per-minute=1"
        })
class LoginIT {

    private static final String HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    private final CookieManager cookies = new CookieManager();
    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(cookies).build();

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        Databases.h2(folder).configure(properties);
    }

    @Test
    void aStrangerComesToTheLoginPageAndFromThereToWhereTheyWantedToGo() throws Exception {
        assertThat(location(get("/ui/jobs?state=FAILED", HTML)))
                .isEqualTo("/ui/login?next=" + encoded("/ui/jobs?state=FAILED"));
        HttpResponse<String> answer = login("secret-token", "/ui/jobs?state=FAILED");
        assertThat(location(answer)).isEqualTo("/ui/jobs?state=FAILED");
        assertThat(answer.headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("slipway-session=")
                        && cookie.contains("HttpOnly")
                        && cookie.contains("SameSite=Strict"));
        assertThat(get("/ui/jobs", HTML).body()).contains("Log out").contains("alice");
    }

    @Test
    void anUnknownTokenIsRefusedInWords() throws Exception {
        String again = location(login("nope", "/ui/jobs"));
        assertThat(again).startsWith("/ui/login?refused");
        assertThat(get(again, HTML).body()).contains("This token is not known");
    }

    @Test
    void aLoginLeadsToNoOtherSite() throws Exception {
        assertThat(location(login("secret-token", "//evil.example/ui/"))).isEqualTo("/ui/jobs");
        assertThat(location(login("secret-token", "https://evil.example/"))).isEqualTo("/ui/jobs");
    }

    @Test
    void whatACookieNamesTheCallerOfNeedsACsrfToken() throws Exception {
        assertThat(send("/ui/login", "token=secret-token").statusCode()).isEqualTo(403);
        login("secret-token", "/ui/jobs");
        assertThat(send("/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN/cancel", "").statusCode())
                .isEqualTo(403);
        String token = formToken(get("/ui/jobs", HTML).body());
        assertThat(send("/ui/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN/cancel", "_csrf=" + encoded(token))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aBearerTokenNeedsNoCsrfToken() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(at("/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN/cancel"))
                .header("Authorization", "Bearer secret-token")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void loggingOutForgetsTheToken() throws Exception {
        login("secret-token", "/ui/jobs");
        String token = formToken(get("/ui/jobs", HTML).body());
        send("/ui/logout", "_csrf=" + encoded(token));
        assertThat(cookies.getCookieStore().getCookies())
                .extracting(HttpCookie::getName)
                .doesNotContain("slipway-session");
        assertThat(get("/ui/jobs", HTML).statusCode()).isEqualTo(303);
    }

    @Test
    void loggingOutRevokesWhatTheCookieHeldWhichIsNotTheToken() throws Exception {
        login("secret-token", "/ui/jobs");
        String id = cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("slipway-session"))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(id).matches("[A-Za-z0-9_-]{43}");
        assertThat(withCookie(id)).isEqualTo(200);
        send("/ui/logout", "_csrf=" + encoded(formToken(get("/ui/jobs", HTML).body())));
        assertThat(withCookie(id)).isEqualTo(401);
        assertThat(withCookie("c2VjcmV0LXRva2Vu")).isEqualTo(401);
    }

    @Test
    void aLogoutEndsTheStreamsThatTheLoginHadOpened() throws Exception {
        login("carol-token", "/ui/jobs");
        String csrf = formToken(get("/ui/jobs", HTML).body());
        // Of a job that prints nothing until it is cancelled.
        Service carol = new Service(port, "carol-token");
        String endless = carol.post(Service.Form.script("import time\ntime.sleep(60)\n"))
                .json()
                .path("id")
                .asString();
        CompletableFuture<byte[]> events = opened("/events", "text/event-stream");
        CompletableFuture<byte[]> log = opened("/jobs/" + endless + "/logs/stdout?follow=true", "text/plain");
        send("/ui/logout", "_csrf=" + encoded(csrf));
        assertThat(events.get(15, TimeUnit.SECONDS))
                .as("it would go on for 15 minutes")
                .isNotEmpty();
        assertThatThrownBy(() -> log.get(15, TimeUnit.SECONDS))
                .as("it is not the end of the log")
                .hasRootCauseInstanceOf(EOFException.class);
        carol.post("/jobs/" + endless + "/cancel");
        carol.end(endless);
    }

    private CompletableFuture<byte[]> opened(String path, String type) throws Exception {
        HttpRequest follow =
                HttpRequest.newBuilder(at(path)).header("Accept", type).build();
        HttpResponse<InputStream> stream = browser.send(follow, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        return CompletableFuture.supplyAsync(() -> {
            try (InputStream body = stream.body()) {
                return body.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void aLinkToALineSurvivesTheLogin() throws Exception {
        String line = "/ui/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN?attempt=1&log=stderr&line=17";
        String asked = location(get(line, HTML));
        assertThat(asked).isEqualTo("/ui/login?next=" + encoded(line));
        assertThat(location(login("secret-token", line))).isEqualTo(line);
    }

    @Test
    void whatGoesWrongWithAPageIsAPage() throws Exception {
        login("secret-token", "/ui/jobs");
        HttpResponse<String> wrong = get("/ui/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN?attempt=first", HTML);
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        assertThat(wrong.body()).contains("<h1>").contains("To the jobs");
        HttpResponse<String> program = get("/ui/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN?attempt=first", "application/json");
        assertThat(program.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(send("/ui/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN/cancel", "_csrf=old")
                        .body())
                .contains("<h1>")
                .contains("The request carries no valid CSRF token");
    }

    private int withCookie(String id) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(at("/jobs"))
                                .header("Cookie", "slipway-session=" + id)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void aLinkOnAnotherSiteIsFollowedOnceMoreFromOurOwn() throws Exception {
        HttpResponse<String> answer = browser.send(
                HttpRequest.newBuilder(at("/ui/jobs"))
                        .header("Accept", HTML)
                        .header("Sec-Fetch-Site", "cross-site")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Refresh")).hasValue("0;url=/ui/jobs");
    }

    @Test
    void onlyWhoAsksForAPageGetsOne() throws Exception {
        for (String path : new String[] {"/", "/jobs", "/jobs/01JD3Q8Z0V7M4T2K5E9XHWBRCN", "/clusters"}) {
            HttpResponse<String> page = get(path, HTML);
            assertThat(page.statusCode()).as(path).isEqualTo(303);
            assertThat(page.headers().allValues("Vary")).contains("Accept");
            for (String accept : new String[] {"*/*", "application/json", "application/json, text/html;q=0.5"}) {
                HttpResponse<String> json = get(path, accept);
                // What there is at all is told to everybody.
                assertThat(json.statusCode()).as(path + " " + accept).isEqualTo(path.equals("/") ? 200 : 401);
                assertThat(json.headers().allValues("Vary")).contains("Accept");
            }
        }
    }

    @Test
    void theFiltersOfTheApiGoAlongToThePage() throws Exception {
        String failed = location(get("/jobs?state=FAILED,RUNNING&label=team%3Dpricing&name=squares", HTML));
        assertThat(failed).isEqualTo("/ui/jobs?state=FAILED,RUNNING&label=team%3Dpricing&name=squares");
        login("secret-token", "/ui/jobs");
        assertThat(get(failed, HTML).body())
                .contains("value=\"FAILED\" checked")
                .contains("value=\"RUNNING\" checked")
                .doesNotContain("value=\"QUEUED\" checked")
                .contains("value=\"team=pricing\"")
                .contains("value=\"squares\"");
    }

    @Test
    void whatAQuotaRefusesIsToldOnAPage() throws Exception {
        login("secret-token", "/ui/jobs");
        String form = "_csrf=" + encoded(formToken(get("/ui/jobs/new", HTML).body()));
        assertThat(send("/ui/examples", form).headers().firstValue("Location").orElseThrow())
                .contains("/ui/jobs/");
        HttpResponse<String> refused = send("/ui/examples", form);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isBetween(1L, 60L);
        assertThat(refused.body())
                .contains("You may send 1 jobs a minute")
                .contains("slipway.quotas.submissions-per-minute");
    }

    @Test
    void theNumbersOfAClusterLeadToItsJobsForWhoSeesThemAll() throws Exception {
        login("operator-token", "/ui/jobs");
        assertThat(get("/ui/clusters", HTML).body())
                .contains("href=\"/ui/jobs?cluster=local&amp;state=RUNNING\"")
                .contains("href=\"/ui/jobs?cluster=local&amp;state=QUEUED\"");
        assertThat(get("/ui/jobs?cluster=local", HTML).body())
                .contains("name=\"cluster\" type=\"text\" value=\"local\"");
        login("secret-token", "/ui/jobs");
        assertThat(get("/ui/clusters", HTML).body()).contains("0 queued").doesNotContain("/ui/jobs?cluster");
    }

    private HttpResponse<String> login(String token, String next) throws IOException, InterruptedException {
        String form = formToken(get("/ui/login", HTML).body());
        return send("/ui/login", "token=" + encoded(token) + "&next=" + encoded(next) + "&_csrf=" + encoded(form));
    }

    private HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        return browser.send(
                HttpRequest.newBuilder(at(path)).header("Accept", accept).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String path, String form) throws IOException, InterruptedException {
        return browser.send(
                HttpRequest.newBuilder(at(path))
                        .header("Accept", HTML)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static String location(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(303);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String formToken(String page) {
        Matcher token = FORM_TOKEN.matcher(page);
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
