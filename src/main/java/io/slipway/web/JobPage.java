package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.compute.Clusters;
import io.slipway.compute.LogStream;
import io.slipway.control.CallersJobs;
import io.slipway.control.CancelJob;
import io.slipway.control.Waits;
import io.slipway.jobs.ApplicationWishes;
import io.slipway.jobs.EnvironmentNeed;
import io.slipway.jobs.Job;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Run;
import io.slipway.logs.JobProgress;
import io.slipway.logs.Traceback;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.View;
import org.springframework.web.util.UriComponentsBuilder;

/** Everything about one job on one page. */
@Controller
class JobPage {

    private final CallersJobs callersJobs;
    private final Jobs jobs;
    private final CancelJob cancelJob;
    private final ApplicationWishes wishes;
    private final Clusters clusters;
    private final JobOutput output;
    private final Waits waits;
    private final JobProgress progress;
    private final Clock clock;

    JobPage(
            CallersJobs callersJobs,
            Jobs jobs,
            CancelJob cancelJob,
            ApplicationWishes wishes,
            Clusters clusters,
            JobOutput output,
            Waits waits,
            JobProgress progress,
            Clock clock) {
        this.callersJobs = callersJobs;
        this.jobs = jobs;
        this.cancelJob = cancelJob;
        this.wishes = wishes;
        this.clusters = clusters;
        this.output = output;
        this.waits = waits;
        this.progress = progress;
        this.clock = clock;
    }

    @GetMapping("/ui/jobs/{id}")
    String page(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String log,
            @RequestParam(required = false) @Nullable Integer attempt,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(required = false) @Nullable Long line,
            Model model) {
        Caller caller = Caller.of(request);
        Job job = callersJobs.readable(caller, id);
        LogStream wanted = log == null ? null : LogStream.parse(log).orElse(null);
        if (wanted != null && !wanted.toString().equals(log)) {
            request.setAttribute(View.RESPONSE_STATUS_ATTRIBUTE, HttpStatus.PERMANENT_REDIRECT);
            return "redirect:" + address(id, wanted, attempt, before, line);
        }
        Instant now = clock.instant();
        model.addAttribute("job", JobRow.of(job, now));
        model.addAttribute("icon", StateBadge.of(job.state()).css());
        model.addAttribute("own", caller.owns(job.owner().value()));
        model.addAttribute(
                "origin",
                job.origin()
                        .flatMap(origin -> callersJobs.ifReadable(caller, origin.value()))
                        .orElse(null));
        model.addAttribute("source", job.source().orElse(null));
        model.addAttribute("curl", Curl.of(request, "", "/jobs/" + job.id()));
        model.addAttribute("ended", TimeText.orNull(job.endedAt(), now));
        model.addAttribute("started", TimeText.orNull(job.startedAt(), now));
        model.addAttribute(
                "environment",
                job.environment().flatMap(EnvironmentNeed::environmentId).orElse(null));
        model.addAttribute(
                "waitsForEnvironment",
                !job.state().isTerminal()
                        && job.environment().filter(EnvironmentNeed::isAwaited).isPresent());
        model.addAttribute("wait", waits.look().of(job).orElse(null));
        model.addAttribute("stopping", job.isStopRequested() && !job.state().isTerminal());
        model.addAttribute("progress", bars(job, now).orElse(null));
        model.addAttribute("program", programsEnd(job));
        wishes.of(job);
        model.addAttribute("failure", failure(job).orElse(null));
        Instant awaited = job.causeAwaitedUntil();
        model.addAttribute("followed", !job.state().isTerminal() || (awaited != null && now.isBefore(awaited)));
        model.addAttribute("leftovers", job.all().leftovers());
        model.addAttribute("timeline", Timeline.of(jobs.eventsOf(job.id()), began(job), now));
        model.addAttribute("spec", SpecAsText.of(job));
        model.addAttribute("project", job.isBeingFetched() ? null : job.projectId());
        model.addAttribute("links", links(job));
        model.addAttribute(
                "runs", job.runs().stream().map(run -> AttemptRow.of(run, now)).toList());
        if ("live".equals(request.getHeader("HX-Target"))) {
            return "jobs/job :: live";
        }
        model.addAttribute("shown", output.shown(job, wanted, attempt, before, line));
        model.addAttribute("history", history(job));
        return "jobs/job";
    }

    /** What the page asks for whenever the stream tells how far the job is. */
    @GetMapping("/ui/jobs/{id}/progress")
    String progress(HttpServletRequest request, @PathVariable String id, Model model) {
        Job job = callersJobs.readable(Caller.of(request), id);
        Instant now = clock.instant();
        model.addAttribute("job", JobRow.of(job, now));
        model.addAttribute("progress", bars(job, now).orElse(null));
        return "jobs/job :: progress";
    }

    private Optional<ProgressBars> bars(Job job, Instant now) {
        return progress.watched(job).map(known -> ProgressBars.of(known, now));
    }

    /** What the driver says while the cluster has not said it yet. */
    private static @Nullable String programsEnd(Job job) {
        if (job.state().isTerminal()) {
            return null;
        }
        return job.currentRun()
                .map(Run::programEnd)
                .map(end -> "The driver says that the program has ended"
                        + (end.exitCode() == null ? "" : " with exit code " + end.exitCode())
                        + ". The cluster's own word follows.")
                .orElse(null);
    }

    /** With the traceback that was stored; before that, or where there is none, with what the logs show now. */
    private Optional<Failure> failure(Job job) {
        return job.reason()
                .map(reason -> job.currentRun()
                        .filter(run -> run.cause() != null)
                        .flatMap(run -> jobs.tracebackOf(run.submissionKey()))
                        .map(kept -> Failure.of(reason, Traceback.of(kept)))
                        .orElseGet(() -> Failure.of(reason, output.lastWords(job))));
    }

    private static Map<Integer, Instant> began(Job job) {
        Map<Integer, Instant> began = new HashMap<>();
        job.runs().forEach(run -> {
            Instant at = run.startedAt();
            if (at != null) {
                began.put(run.attempt(), at);
            }
        });
        return began;
    }

    private NameHistory history(Job job) {
        return NameHistory.of(job, jobs.newestNamed(job.owner(), job.name(), Limit.of(NameHistory.MOST)));
    }

    private static String address(
            String id, LogStream stream, @Nullable Integer attempt, @Nullable Long before, @Nullable Long line) {
        return UriComponentsBuilder.fromPath("/ui/jobs/" + id)
                .queryParam("log", stream)
                .queryParamIfPresent("attempt", Optional.ofNullable(attempt))
                .queryParamIfPresent("before", Optional.ofNullable(before))
                .queryParamIfPresent("line", Optional.ofNullable(line))
                .toUriString();
    }

    @PostMapping("/ui/jobs/{id}/cancel")
    String cancel(HttpServletRequest request, @PathVariable String id) {
        cancelJob.of(Caller.of(request), id);
        return "redirect:/ui/jobs/" + id;
    }

    private Map<String, URI> links(Job job) {
        Map<String, URI> links = new LinkedHashMap<>();
        if (!job.spec().program().launch().results().isEmpty()) {
            links.put("Results", URI.create(job.id() + "/results"));
        }
        job.all()
                .last()
                .ifPresent(run -> clusters.find(job.cluster()).ifPresent(cluster -> {
                    cluster.output().links(run.ref()).forEach(link -> links.put(link.title(), link.uri()));
                    if (cluster.traits().startsApplications() && run.remoteId() != null) {
                        links.put("Spark history", URI.create(job.id() + "/spark-ui"));
                    }
                }));
        return links;
    }
}
