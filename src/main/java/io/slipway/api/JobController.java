package io.slipway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.slipway.access.Caller;
import io.slipway.compute.RunProgress;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.ApplicationWishes;
import io.slipway.jobs.Job;
import io.slipway.jobs.KnownJobs;
import io.slipway.jobs.feed.JobWatch;
import io.slipway.logs.JobProgress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** One job, now or when it has changed. */
@RestController
class JobController implements JobApi {

    static final int LONGEST_WAIT = 60;

    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,6})\"?(?=$|[,;\\s])");

    private final CallersJobs callersJobs;
    private final KnownJobs jobs;
    private final WrittenJobs written;
    private final JobWatch watch;
    private final QueueWatch queue;
    private final ApplicationWishes wishes;
    private final JobProgress progress;
    private final Clock clock;
    private final Links.FromRequest here;
    private final Executor executor;

    JobController(
            CallersJobs callersJobs,
            KnownJobs jobs,
            WrittenJobs written,
            JobWatch watch,
            QueueWatch queue,
            ApplicationWishes wishes,
            JobProgress progress,
            Clock clock,
            Links.FromRequest here,
            @Qualifier("applicationTaskExecutor") Executor executor) {
        this.callersJobs = callersJobs;
        this.jobs = jobs;
        this.written = written;
        this.watch = watch;
        this.queue = queue;
        this.wishes = wishes;
        this.progress = progress;
        this.clock = clock;
        this.here = here;
        this.executor = executor;
    }

    @Override
    @GetMapping("/jobs/{id}")
    public @Nullable Object get(HttpServletRequest request, HttpServletResponse response, @PathVariable String id)
            throws IOException {
        Caller caller = Caller.of(request);
        Job job = callersJobs.readable(caller, id);
        String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        Optional<Integer> wait = wait(request);
        Links links = here.links();
        wishes.of(job);
        boolean isAsKnown = known != null
                && JobTag.of(job, links.waitingFor(job), Optional.empty()).isSameStory(known);
        if (wait.isEmpty() || !isAsKnown || isOver(job)) {
            return takesJson(request)
                    ? answer(response, job, known, links)
                    : answer(job, known, links, Optional.empty());
        }
        return later(job, known, links, wait.get());
    }

    /** What nearly everybody asks for goes out as it was written, in one piece. */
    private @Nullable Object answer(HttpServletResponse response, Job job, @Nullable String known, Links links)
            throws IOException {
        // Asked also for who has it already: that somebody looks is what has it fetched.
        Optional<RunProgress> far = progress.watched(job);
        JobTag tag = JobTag.of(job, links.waitingFor(job), far);
        response.setHeader(HttpHeaders.ETAG, tag.toString());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        response.addHeader(HttpHeaders.VARY, "Prefer");
        if (tag.matches(known)) {
            response.setStatus(HttpStatus.NOT_MODIFIED.value());
            return null;
        }
        WrittenJobs.Pieces text = written.of(job, far, links);
        byte[] base = links.base().getBytes(UTF_8);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLengthLong(text.length(base));
        text.write(response.getOutputStream(), base);
        return null;
    }

    /** Whoever accepts something else alone has it found out by the one way that knows all of the rules. */
    private static boolean takesJson(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept == null || accept.equals(MediaType.ALL_VALUE) || accept.equals(MediaType.APPLICATION_JSON_VALUE);
    }

    /** The request's thread goes home; the answer is made when the job changes or the wait is over. */
    private DeferredResult<ResponseEntity<JobView>> later(Job seen, @Nullable String known, Links links, int seconds) {
        DeferredResult<ResponseEntity<JobView>> result = new DeferredResult<>(TimeUnit.SECONDS.toMillis(seconds + 10L));
        CompletableFuture<Void> changed = watch.past(seen.id(), seen.version());
        queue.wake(seen, links.look().of(seen), changed);
        result.onCompletion(() -> changed.cancel(false));
        changed.orTimeout(seconds, TimeUnit.SECONDS)
                .handleAsync(
                        (done, timeout) -> result.setResult(jobs.find(seen.id())
                                .map(job -> answer(job, known, links.later(), Optional.of(seconds)))
                                .orElseGet(() -> ResponseEntity.notFound().build())),
                        executor)
                .exceptionally(failure -> result.setErrorResult(failure));
        return result;
    }

    private boolean isOver(Job job) {
        Instant awaited = job.causeAwaitedUntil();
        return job.state().isTerminal() && (awaited == null || !clock.instant().isBefore(awaited));
    }

    private ResponseEntity<JobView> answer(Job job, @Nullable String known, Links links, Optional<Integer> waited) {
        // Asked also for who has it already: that somebody looks is what has it fetched.
        Optional<RunProgress> far = progress.watched(job);
        JobTag tag = JobTag.of(job, links.waitingFor(job), far);
        boolean same = tag.matches(known);
        var answer = ResponseEntity.status(same ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
                .eTag(tag.toString())
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header(HttpHeaders.VARY, "Prefer");
        waited.ifPresent(seconds -> answer.header("Preference-Applied", "wait=" + seconds));
        return same ? answer.build() : answer.body(JobView.of(job, jobs.tracebackOf(job), far, links));
    }

    /** Seconds of {@code Prefer: wait=n} (RFC 7240), at most {@value #LONGEST_WAIT}. */
    private static Optional<Integer> wait(HttpServletRequest request) {
        List<String> preferences = Collections.list(request.getHeaders("Prefer"));
        for (String preference : preferences) {
            Matcher wait = WAIT.matcher(preference);
            if (wait.find()) {
                return Optional.of(Math.min(LONGEST_WAIT, Integer.parseInt(wait.group(1))));
            }
        }
        return Optional.empty();
    }
}
