package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.slipway.TestMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The machine's own Chromium. Whatever a page says on its console, a refused script or style among it, is kept to be looked at. */
final class Browser implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, String> headers = new HashMap<>();

    private Browser(Path executable) {
        this.playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        this.chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-background-networking",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    static Optional<Path> executable() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    static void needed() {
        TestMachine.needs(
                executable().isPresent(),
                "Chromium is installed: ./verify does it where it can (apt-get install chromium)");
    }

    static Browser open() {
        return new Browser(executable().orElseThrow());
    }

    Page page() {
        return page(1280, 900, ColorScheme.LIGHT, true);
    }

    Page page(int width, int height, ColorScheme scheme, boolean scripts) {
        BrowserContext context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme)
                .setExtraHTTPHeaders(headers)
                .setJavaScriptEnabled(scripts));
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            // A test that takes a page offline means it; an answer that is no 200 is looked at where it matters.
            if (message.type().equals("error")
                    && !message.text().contains("the server responded with a status")
                    && !message.text().contains("net::ERR_INTERNET_DISCONNECTED")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
        return page;
    }

    /** Of all tests so far. */
    void closePages() {
        chromium.contexts().forEach(BrowserContext::close);
    }

    /** Sent with each request of pages that are opened from now on. */
    void header(String name, String value) {
        headers.put(name, value);
    }

    /** What went wrong in the pages since this was asked before. */
    List<String> takeComplaints() {
        List<String> taken = List.copyOf(complaints);
        complaints.clear();
        return taken;
    }

    /** Writes the page down as people see it, light and dark, narrow and wide, and asks axe what is wrong with it. */
    void look(String name, String address) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : scheme == ColorScheme.DARK ? List.of(360, 1280) : List.of(360, 1920)) {
                try (Page page = page(width, 900, scheme, true)) {
                    page.navigate(address);
                    page.waitForLoadState();
                    String file = name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + "-" + width + ".png";
                    page.screenshot(new Page.ScreenshotOptions()
                            .setPath(SCREENSHOTS.resolve(file))
                            .setFullPage(true));
                    assertThat(page.evaluate(
                                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                            .as("how far %s at %d px sticks out", address, width)
                            .isEqualTo(0);
                    assertThat(violations(page))
                            .as("axe on %s, %s, %d px", address, scheme, width)
                            .isEmpty();
                    page.context().close();
                }
            }
        }
    }

    /** Serious and critical ones. Through the debugger, which the page's Content-Security-Policy does not bind. */
    private static List<?> violations(Page page) {
        page.evaluate(axe());
        return (List<?>)
                page.evaluate(
                        "axe.run().then(r => r.violations"
                                + ".filter(v => ['serious', 'critical'].includes(v.impact))"
                                + ".map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120) + ' | ' + n.failureSummary).join(' || ')))");
    }

    private static String axe() {
        try (InputStream source = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(source.readAllBytes(), StandardCharsets.UTF_8) + "; 0";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
