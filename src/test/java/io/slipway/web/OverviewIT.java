package io.slipway.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.slipway.Databases;
import io.slipway.api.Service;
import io.slipway.api.Service.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The overview as people see it, and whose numbers they see. */
@DirtiesContext
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "slipway.reconcile.roll-up=300ms",
            // The SHA-256 of "secret-token" and of "operator-token".
            "slipway.security.tokens.alice=930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94",
            "slipway.security.tokens.olga=0850123315d21ab90f4f7236408a52ef6dbd6a02a6550e5c10dc73f4d993680e",
            "slipway.security.operators=olga"
        })
@Tag("full")
class OverviewIT {

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    @Autowired
    JdbcTemplate jdbc;

    private Service alice;
    private Service olga;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        Databases.h2(folder).configure(properties);
    }

    @BeforeEach
    void fill() {
        alice = new Service(port, "secret-token");
        olga = new Service(port, "operator-token");
        jdbc.update("delete from daily_end");
        jdbc.update("delete from daily_time");
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Random random = new Random(5);
        for (int ago = 29; ago > 0; ago--) {
            // A gap, as there are: a weekend.
            if (ago != 12 && ago != 13) {
                day(today.minusDays(ago), random);
            }
        }
    }

    private void day(LocalDate day, Random random) {
        for (String owner : List.of("alice", "team-with-a-rather-long-name@example.com", "*")) {
            int scale = owner.equals("*") ? 20 : owner.equals("alice") ? 3 : 17;
            List<Object[]> ends = new ArrayList<>();
            ends.add(new Object[] {owner, day, "SUCCEEDED", "", scale * (40 + random.nextInt(30))});
            ends.add(new Object[] {owner, day, "FAILED", "RUN_FAILED", scale * (2 + random.nextInt(5))});
            ends.add(new Object[] {owner, day, "FAILED", "TIMED_OUT", scale});
            ends.add(new Object[] {owner, day, "CANCELLED", "CANCELLED_BY_USER", scale});
            jdbc.batchUpdate("insert into daily_end values (?, ?, ?, ?, ?)", ends);
            List<Object[]> times = new ArrayList<>();
            for (int bucket = 0; bucket < 60; bucket++) {
                times.add(new Object[] {owner, day, "QUEUE_WAIT", bucket / 2, 1 + random.nextInt(60 - bucket)});
                times.add(new Object[] {owner, day, "RUN_TIME", bucket, 1 + random.nextInt(40)});
            }
            times.forEach(row -> {
                if (jdbc.update(
                                "update daily_time set jobs = jobs + ? where owner = ? and on_day = ? and measure = ? and bucket = ?",
                                row[4],
                                row[0],
                                row[1],
                                row[2],
                                row[3])
                        == 0) {
                    jdbc.update("insert into daily_time values (?, ?, ?, ?, ?)", row);
                }
            });
        }
    }

    @Test
    void itIsDrawnFromTheTablesThatStandBesideTheCharts() {
        Browser.needed();
        try (Browser browser = Browser.open()) {
            browser.header("Authorization", "Bearer operator-token");
            browser.look("overview", at("/ui/overview"));
            Page page = browser.page(1280, 900, ColorScheme.LIGHT, true);
            page.navigate(at("/ui/overview"));
            assertThat(page.locator(".chart canvas")).hasCount(3);
            assertThat(page.locator("details.numbers[open]")).hasCount(0);
            page.locator("details.numbers summary").first().click();
            assertThat(page.locator("#ends-table tbody tr")).hasCount(30);
            page.locator(".chart .u-over").first().hover();
            assertThat(page.locator(".readout").first()).containsText("succeeded");

            page.locator("#o-day")
                    .selectOption(LocalDate.now(ZoneOffset.UTC).minusDays(3).toString());
            page.locator("form:has(#o-day) button").click();
            assertThat(page.locator("#reasons-title")).containsText("on ");
            assertThat(page.locator("section:has(> .head > #reasons-title) tbody tr"))
                    .hasCount(2);
            assertThat(page.locator("section:has(> .head > #reasons-title) tbody"))
                    .containsText("TIMED_OUT20");
            browser.look("overview-day", page.url().replaceFirst("#.*", ""));

            Page plain = browser.page(1280, 900, ColorScheme.LIGHT, false);
            plain.navigate(at("/ui/overview"));
            assertThat(plain.locator("#queueWait-table tbody tr").nth(3)).isVisible();
            assertThat(plain.locator(".chart").first()).isHidden();
            assertThat(browser.takeComplaints()).isEmpty();
        }
    }

    @Test
    void anOwnerSeesTheirOwnNumbersAndAnOperatorAll() throws Exception {
        JsonNode own = alice.get("/stats").json();
        assertThat(own.path("owner").asString()).isEqualTo("alice");
        assertThat(own.path("owners")).isEmpty();
        assertThat(alice.get("/stats?owner=olga").json()).isEqualTo(own);
        JsonNode all = olga.get("/stats").json();
        assertThat(all.path("days")).hasSize(30);
        assertThat(all.path("owners")).hasSize(2);
        assertThat(sum(all)).isGreaterThan(sum(own));
        assertThat(sum(olga.get("/stats?owner=alice").json())).isEqualTo(sum(own));
        assertThat(olga.get("/stats?days=0").problem()).isEqualTo("invalid-parameter");
        JsonNode yesterday = own.path("days").get(28).path("failures");
        assertThat(yesterday).hasSize(2);
        assertThat(yesterday.get(0).path("code").asString()).isEqualTo("RUN_FAILED");
        assertThat(yesterday.get(1).path("jobs").asLong()).isEqualTo(3);
        assertThat(alice.get("/ui/overview", "Accept", "text/html").text())
                .doesNotContain("team-with-a-rather-long-name");
    }

    @Test
    void aJobThatEndsIsAmongTheNumbersSoonAfterwards() throws Exception {
        String id = alice.post(Form.script("print(1)")).json().path("id").asString();
        alice.end(id);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> today(alice).path("succeeded").asLong() == 1);
        assertThat(today(alice).path("runTime").path("p50").asDouble()).isPositive();
        assertThat(today(olga).path("succeeded").asLong()).isEqualTo(1);
    }

    private static JsonNode today(Service service) throws Exception {
        return service.get("/stats?days=1").json().path("days").get(0);
    }

    private static long sum(JsonNode stats) {
        long sum = 0;
        for (JsonNode day : stats.path("days")) {
            sum += day.path("succeeded").asLong();
        }
        return sum;
    }

    private String at(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
