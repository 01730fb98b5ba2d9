package io.slipway.web;

import io.slipway.compute.Clusters;
import io.slipway.compute.Target;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Run;
import io.slipway.logs.JobLogs;
import io.slipway.logs.LogInfo;
import io.slipway.logs.LogWindow;
import io.slipway.logs.LogWindows;
import io.slipway.logs.LogWindows.Place;
import io.slipway.logs.LogsUnavailable;
import io.slipway.logs.Traceback;
import io.slipway.logs.UnknownLog;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Everything about one job on one page. */
@Controller
class JobPage {

    private static final Logger log = LoggerFactory.getLogger(JobPage.class);

    private static final int FIRST_LINES = 300;
    private static final int TRACEBACK_LINES = 2000;

    /** Where the driver prints its traceback, the likeliest first. */
    private static final List<String> LAST_WORDS = List.of("driver-stderr", "driver-stdout", "stderr", "stdout");

    /** EMR may ship logs this long after the end of a step. */
    private static final Duration LATE_LOGS = Duration.ofMinutes(20);

    private static final Map<String, String> LINK_TITLES = Map.of(
            "console", "EMR console",
            "s3Logs", "Logs in S3",
            "sparkHistory", "Spark history",
            "sparkUi", "Spark UI");

    private final Jobs jobs;
    private final JobTransactions transactions;
    private final Clusters clusters;
    private final JobLogs logs;
    private final LogWindows windows;
    private final Clock clock;

    JobPage(Jobs jobs, JobTransactions transactions, Clusters clusters, JobLogs logs, LogWindows windows, Clock clock) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.clusters = clusters;
        this.logs = logs;
        this.windows = windows;
        this.clock = clock;
    }

    /** What the page shows of a log before any script ran, and which one. */
    record LogShown(
            int attempt,
            List<LogTab> tabs,
            String stream,
            @Nullable LogWindow window,
            @Nullable String absent) {}

    /** Why it did not end well. */
    record Failure(
            String code,
            String message,
            String hint,
            @Nullable Traceback traceback) {}

    @GetMapping("/ui/jobs/{id}")
    String page(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String log,
            @RequestParam(required = false) @Nullable Integer attempt,
            @RequestParam(required = false) @Nullable Long before,
            Model model) {
        Job job = Visitor.of(request).job(jobs, id);
        Instant now = clock.instant();
        model.addAttribute("job", JobRow.of(job, now));
        model.addAttribute("ended", TimeText.orNull(job.endedAt(), now));
        model.addAttribute("started", TimeText.orNull(job.startedAt(), now));
        model.addAttribute("stopping", job.isStopRequested() && !job.state().isTerminal());
        model.addAttribute("failure", failure(job));
        model.addAttribute("timeline", Timeline.of(jobs.eventsOf(id), now));
        model.addAttribute("spec", SpecText.of(job));
        model.addAttribute("project", job.projectId());
        model.addAttribute("links", links(job));
        model.addAttribute("runs", job.runs());
        if ("live".equals(request.getHeader("HX-Target"))) {
            return "jobs/job :: live";
        }
        model.addAttribute("shown", shown(job, log, attempt, before));
        model.addAttribute("logsMayCome", logsMayCome(job, now));
        return "jobs/job";
    }

    @PostMapping("/ui/jobs/{id}/cancel")
    String cancel(HttpServletRequest request, @PathVariable String id) {
        Visitor visitor = Visitor.of(request);
        visitor.job(jobs, id);
        transactions.apply(id, job -> job.cancelRequested(visitor.owner(), clock.instant()));
        return "redirect:/ui/jobs/" + id;
    }

    private @Nullable Failure failure(Job job) {
        return job.reason()
                .map(reason -> new Failure(
                        reason.code().name(),
                        reason.message(),
                        Hint.of(reason.code()),
                        traceback(job).orElse(null)))
                .orElse(null);
    }

    private Optional<Traceback> traceback(Job job) {
        return LAST_WORDS.stream()
                .flatMap(stream -> traceback(job, stream).stream())
                .findFirst();
    }

    private Optional<Traceback> traceback(Job job, String stream) {
        try {
            LogWindow end = windows.look(job, OptionalInt.empty(), stream, Place.END, 0, TRACEBACK_LINES);
            return Traceback.last(end.lines());
        } catch (UnknownLog | IOException | LogsUnavailable none) {
            return Optional.empty();
        }
    }

    private LogShown shown(Job job, @Nullable String wanted, @Nullable Integer attempt, @Nullable Long before) {
        int shownAttempt = attempt == null ? lastAttempt(job) : attempt;
        OptionalInt which = OptionalInt.of(shownAttempt);
        try {
            List<LogInfo> streams = logs.streams(job, which);
            List<LogTab> tabs =
                    streams.stream().map(each -> LogTab.of(each, kind(job))).toList();
            String stream = wanted == null ? likeliest(job, streams) : wanted;
            if (streams.stream().noneMatch(each -> each.name().equals(stream))) {
                return new LogShown(shownAttempt, tabs, stream, null, absent(job));
            }
            LogWindow window = before == null
                    ? windows.look(job, which, stream, Place.END, 0, FIRST_LINES)
                    : windows.look(job, which, stream, Place.BEFORE, before, FIRST_LINES);
            return new LogShown(shownAttempt, tabs, stream, window, null);
        } catch (LogsUnavailable | IOException | UnknownLog unreadable) {
            log.warn("The logs of job {} cannot be read: {}", job.id(), unreadable.toString());
            return new LogShown(
                    shownAttempt, List.of(), "stdout", null, "The logs cannot be read now: " + unreadable.getMessage());
        }
    }

    private static int lastAttempt(Job job) {
        List<Run> runs = job.runs();
        return runs.isEmpty() ? job.attempt() : runs.get(runs.size() - 1).attempt();
    }

    private static String likeliest(Job job, List<LogInfo> streams) {
        List<String> names = streams.stream().map(LogInfo::name).toList();
        boolean failed = job.reason().isPresent();
        return List.of(
                        failed ? "driver-stderr" : "driver-stdout",
                        "driver-stdout",
                        failed ? "stderr" : "stdout",
                        "stdout",
                        "stderr")
                .stream()
                .filter(names::contains)
                .findFirst()
                .orElseGet(() -> names.isEmpty() ? "stdout" : names.get(0));
    }

    private String absent(Job job) {
        String place = kind(job) == Target.Kind.EMR
                ? "Not there yet: EMR ships logs about every five minutes."
                : "Not there yet: the run has printed nothing.";
        return switch (job.state()) {
            case RECEIVING, QUEUED, SUBMITTING, PENDING ->
                "Nothing yet: the job is " + StateBadge.of(job.state()).word().toLowerCase(java.util.Locale.ROOT) + ".";
            case RUNNING -> place;
            case SUCCEEDED, FAILED, CANCELLED ->
                job.runs().isEmpty() ? "The job never ran, so it printed nothing." : place;
        };
    }

    private boolean logsMayCome(Job job, Instant now) {
        Instant ended = job.endedAt();
        return ended == null || (kind(job) == Target.Kind.EMR && now.isBefore(ended.plus(LATE_LOGS)));
    }

    private Target.Kind kind(Job job) {
        return clusters.find(job.cluster())
                .map(cluster -> cluster.target().kind())
                .orElse(Target.Kind.EMR);
    }

    private Map<String, URI> links(Job job) {
        Map<String, URI> links = new LinkedHashMap<>();
        job.currentRun()
                .flatMap(run -> clusters.find(job.cluster()).map(cluster -> cluster.links(run.ref())))
                .ifPresent(
                        found -> found.forEach((name, link) -> links.put(LINK_TITLES.getOrDefault(name, name), link)));
        return links;
    }
}
