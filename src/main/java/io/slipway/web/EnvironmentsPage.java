package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentShelf;
import io.slipway.environments.EnvironmentState;
import io.slipway.environments.InstalledPackage;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Python environments that were built of projects' requirements, and what their builds said. */
@Controller
class EnvironmentsPage {

    private static final int MOST = 100;

    /** A page shows the end of a long log; the whole is read by the API. */
    private static final int LOG_SHOWN = 64 * 1024;

    private final EnvironmentShelf shelf;
    private final Clock clock;

    EnvironmentsPage(EnvironmentShelf shelf, Clock clock) {
        this.shelf = shelf;
        this.clock = clock;
    }

    /**
     * One environment.
     *
     * @param tone the colour of its state, as one of the states of jobs
     * @param owner {@code null} for somebody else's that jobs of the reader use
     * @param built how long the build took and what came of it, in words; {@code null} while it is not there
     */
    record Row(
            String id,
            String state,
            String tone,
            boolean isLive,
            @Nullable String message,
            String cluster,
            @Nullable String owner,
            int generation,
            @Nullable String python,
            List<InstalledPackage> packages,
            @Nullable String built,
            TimeText created,
            TimeText used) {

        static Row of(Environment each, Caller caller, Instant now) {
            boolean ready = each.state() == EnvironmentState.READY;
            return new Row(
                    each.id(),
                    each.state().name().toLowerCase(Locale.ROOT),
                    tone(each.state()),
                    each.state().isLive(),
                    each.message().orElse(null),
                    each.cluster(),
                    caller.sees(each.owner()) ? each.owner() : null,
                    each.generation(),
                    each.python(),
                    each.packages(),
                    ready
                            ? String.format(
                                    Locale.ROOT,
                                    "%.1f MB in %s",
                                    each.sizeBytes() / 1e6,
                                    TimeText.exact(Duration.ofMillis((long) (each.buildSeconds() * 1000))))
                            : null,
                    TimeText.of(each.createdAt(), now),
                    TimeText.of(each.lastUsedAt(), now));
        }

        private static String tone(EnvironmentState state) {
            return switch (state) {
                case WANTED -> "s-queued";
                case BUILDING -> "s-running";
                case READY -> "s-succeeded";
                case FAILED -> "s-failed";
                case CANCELLED -> "s-cancelled";
            };
        }
    }

    @GetMapping("/ui/environments")
    String list(HttpServletRequest request, @RequestParam(required = false) @Nullable String before, Model model) {
        Instant now = clock.instant();
        Caller caller = Caller.of(request);
        List<Environment> found = shelf.list(caller.listed(null), before, MOST + 1);
        List<Environment> page = found.subList(0, Math.min(MOST, found.size()));
        model.addAttribute(
                "environments",
                page.stream().map(each -> Row.of(each, caller, now)).toList());
        model.addAttribute("older", found.size() > MOST ? page.get(MOST - 1).id() : null);
        return "environments/list";
    }

    @GetMapping("/ui/environments/{id}")
    String page(HttpServletRequest request, @PathVariable String id, Model model) throws IOException {
        Caller caller = Caller.of(request);
        Environment environment = shelf.get(id, caller.listed(null));
        model.addAttribute("environment", Row.of(environment, caller, clock.instant()));
        model.addAttribute("mayRebuild", !environment.state().isLive() && caller.sees(environment.owner()));
        model.addAttribute("log", new String(shelf.endOfLog(environment, LOG_SHOWN), StandardCharsets.UTF_8));
        return "environments/environment";
    }

    @PostMapping("/ui/environments/{id}/rebuild")
    String rebuild(HttpServletRequest request, @PathVariable String id) {
        Environment wanted = shelf.rebuild(id, Caller.of(request).listed(null));
        return "redirect:/ui/environments/" + wanted.id();
    }
}
