package io.slipway.web;

import io.slipway.compute.Clusters;
import io.slipway.compute.Target;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Run;
import io.slipway.logs.JobLogs;
import io.slipway.logs.LogInfo;
import io.slipway.logs.LogWindow;
import io.slipway.logs.LogWindows;
import io.slipway.logs.LogWindows.Place;
import io.slipway.logs.LogsUnavailable;
import io.slipway.logs.Traceback;
import io.slipway.logs.UnknownLog;
import io.slipway.project.Launch;
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

    /** EMR may ship logs this long after the end of a step. */
    private static final Duration LATE_LOGS = Duration.ofMinutes(20);

    private static final Map<String, String> LINK_TITLES = Map.of(
            "console", "EMR console",
            "s3Logs", "Step logs in S3",
            "s3ContainerLogs", "Container logs in S3");

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
            LogTabs tabs,
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
        Visitor visitor = Visitor.of(request);
        Job job = visitor.job(jobs, id);
        Instant now = clock.instant();
        model.addAttribute("job", JobRow.of(job, now));
        model.addAttribute("own", visitor.owns(job));
        model.addAttribute("ended", TimeText.orNull(job.endedAt(), now));
        model.addAttribute("started", TimeText.orNull(job.startedAt(), now));
        model.addAttribute("stopping", job.isStopRequested() && !job.state().isTerminal());
        model.addAttribute("failure", failure(job));
        model.addAttribute("timeline", Timeline.of(jobs.eventsOf(id), now));
        model.addAttribute("spec", SpecText.of(job));
        model.addAttribute("project", job.projectId());
        model.addAttribute("links", links(job));
        model.addAttribute(
                "runs", job.runs().stream().map(run -> AttemptRow.of(run, now)).toList());
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

    /** The program's own end alone has one that says why. */
    private Optional<Traceback> traceback(Job job) {
        boolean ofProgram = job.reason()
                .filter(reason -> reason.code() == Reason.Code.RUN_FAILED || reason.code() == Reason.Code.STEP_FAILED)
                .isPresent();
        if (!ofProgram) {
            return Optional.empty();
        }
        try {
            return LogTabs.lastWords(logs.streams(job, OptionalInt.empty())).stream()
                    .flatMap(stream -> traceback(job, stream).stream())
                    .findFirst();
        } catch (LogsUnavailable silent) {
            return Optional.empty();
        }
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
            String stream =
                    wanted == null ? LogTabs.likeliest(streams, job.reason().isPresent(), mayHaveDriver(job)) : wanted;
            LogTabs tabs = LogTabs.of(streams, stream, kind(job), mayHaveDriver(job));
            if (streams.stream().noneMatch(each -> each.name().equals(stream))) {
                return new LogShown(shownAttempt, tabs, stream, null, absent(job, stream));
            }
            LogWindow window = before == null
                    ? windows.look(job, which, stream, Place.END, 0, FIRST_LINES)
                    : windows.look(job, which, stream, Place.BEFORE, before, FIRST_LINES);
            return new LogShown(shownAttempt, tabs, stream, window, null);
        } catch (LogsUnavailable | IOException | UnknownLog unreadable) {
            log.warn("The logs of job {} cannot be read: {}", job.id(), unreadable.toString());
            return new LogShown(
                    shownAttempt,
                    LogTabs.NONE,
                    "stdout",
                    null,
                    "The logs cannot be read now: " + unreadable.getMessage());
        }
    }

    private boolean mayHaveDriver(Job job) {
        return kind(job) == Target.Kind.EMR
                && !job.runs().isEmpty()
                && job.spec().program().launch().mode() == Launch.Mode.CLUSTER
                && logs.never(job).isEmpty();
    }

    private static int lastAttempt(Job job) {
        List<Run> runs = job.runs();
        return runs.isEmpty() ? job.attempt() : runs.get(runs.size() - 1).attempt();
    }

    private String absent(Job job, String stream) {
        String place = logs.never(job).orElseGet(() -> notYet(job, stream));
        return switch (job.state()) {
            case RECEIVING, QUEUED, SUBMITTING, PENDING ->
                "Nothing yet: the job is " + StateBadge.of(job.state()).word().toLowerCase(java.util.Locale.ROOT) + ".";
            case RUNNING -> place;
            case SUCCEEDED, FAILED, CANCELLED ->
                job.runs().isEmpty()
                        ? "The job never ran, so it printed nothing."
                        : logsMayCome(job, clock.instant()) || logs.never(job).isPresent()
                                ? place
                                : "There is nothing: what printed nothing has no log.";
        };
    }

    private String notYet(Job job, String stream) {
        if (kind(job) == Target.Kind.LOCAL) {
            return "Not there yet: the run has printed nothing.";
        }
        boolean needsApplication = LogTabs.isOfContainer(stream)
                && job.currentRun().map(Run::application).isEmpty();
        return "Not there yet: EMR ships logs about every five minutes."
                + (needsApplication
                        ? " Which YARN application the step started, and so where its driver prints, is read from the step's stderr."
                        : "");
    }

    private boolean logsMayCome(Job job, Instant now) {
        Instant ended = job.endedAt();
        boolean late = kind(job) == Target.Kind.EMR && logs.never(job).isEmpty();
        return ended == null || (late && now.isBefore(ended.plus(LATE_LOGS)));
    }

    private Target.Kind kind(Job job) {
        return clusters.find(job.cluster())
                .map(cluster -> cluster.target().kind())
                .orElse(Target.Kind.EMR);
    }

    private Map<String, URI> links(Job job) {
        Map<String, URI> links = new LinkedHashMap<>();
        job.lastRun()
                .ifPresent(run -> clusters.find(job.cluster()).ifPresent(cluster -> {
                    cluster.links(run.ref())
                            .forEach((name, link) -> links.put(LINK_TITLES.getOrDefault(name, name), link));
                    if (cluster.startsApplications() && run.remoteId() != null) {
                        links.put("Spark history", URI.create(job.id() + "/spark-ui"));
                    }
                }));
        return links;
    }
}
