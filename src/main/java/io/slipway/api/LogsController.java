package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.api.stream.LogStreams;
import io.slipway.compute.LogStream;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.ApplicationWishes;
import io.slipway.jobs.Job;
import io.slipway.logs.FollowedLog;
import io.slipway.logs.JobLogs;
import io.slipway.logs.LogPage;
import io.slipway.logs.UnknownLog;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a job's runs printed, as plain text. */
@RestController
@RequestMapping("/jobs/{id}/logs")
class LogsController implements LogsApi {

    static final int MOST_LINES = 100_000;

    private final CallersJobs callersJobs;
    private final JobLogs logs;
    private final ApplicationWishes wishes;
    private final Links.FromRequest here;
    private final LogStreams streams;

    LogsController(
            CallersJobs callersJobs,
            JobLogs logs,
            ApplicationWishes wishes,
            Links.FromRequest here,
            LogStreams streams) {
        this.callersJobs = callersJobs;
        this.wishes = wishes;
        this.logs = logs;
        this.here = here;
        this.streams = streams;
    }

    @Override
    @GetMapping
    public Page<LogView> list(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Integer attempt) {
        Job job = callersJobs.readable(Caller.of(request), id);
        wishes.of(job);
        Links links = here.links();
        return new Page<>(
                logs.streams(job, optional(attempt)).stream()
                        .map(log -> LogView.of(log, job.id(), links))
                        .toList(),
                null);
    }

    @Override
    @GetMapping("/{stream}")
    public void read(
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable String id,
            @PathVariable String stream,
            @RequestParam(required = false) @Nullable Integer tail,
            @RequestParam(required = false) @Nullable Long offset,
            @RequestParam(required = false) @Nullable Integer attempt,
            @RequestParam(defaultValue = "false") boolean follow)
            throws IOException {
        check(tail, offset);
        Caller caller = Caller.of(request);
        LongAnswers.requireSlot();
        Job job = callersJobs.readable(caller, id);
        wishes.of(job);
        LogStream wanted = logs.named(job, stream);
        if (!wanted.toString().equals(stream)) {
            response.setStatus(HttpStatus.PERMANENT_REDIRECT.value());
            response.setHeader(HttpHeaders.LOCATION, here.links().renamed(request, job.id(), wanted.toString()));
            return;
        }
        Part part = new Part(wanted, optional(attempt), tail, offset == null ? 0 : offset);
        if (follow && !HttpMethod.HEAD.matches(request.getMethod())) {
            FollowedLog followed = logs.follow(job, part.attempt(), wanted, begin(job, part));
            head(response, followed.offset());
            streams.open(request, response, caller.owner(), job, followed);
            return;
        }
        try (LogPage page = page(job, part)) {
            head(response, page.offset());
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
            page.body().transferTo(response.getOutputStream());
        }
    }

    /** What of which log is wanted. */
    private record Part(
            LogStream stream, OptionalInt attempt, @Nullable Integer tail, long offset) {}

    private LogPage page(Job job, Part part) {
        return part.tail() == null
                ? logs.from(job, part.attempt(), part.stream(), part.offset())
                : logs.tail(job, part.attempt(), part.stream(), part.tail());
    }

    /** Where a reader begins to follow; a log that is not there yet has no last lines. */
    private long begin(Job job, Part part) throws IOException {
        if (part.tail() == null) {
            return part.offset();
        }
        try (LogPage end = page(job, part)) {
            return end.offset();
        } catch (UnknownLog absent) {
            return 0;
        }
    }

    private static void head(HttpServletResponse response, long offset) {
        response.setContentType("text/plain;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Slipway-Log-Offset", Long.toString(offset));
    }

    private static void check(@Nullable Integer tail, @Nullable Long offset) {
        if (tail != null && offset != null) {
            throw new ApiProblem(ProblemType.INVALID_PARAMETER, "tail and offset exclude each other.");
        }
        if (tail != null && (tail < 0 || tail > MOST_LINES)) {
            throw new ApiProblem(
                    ProblemType.INVALID_PARAMETER,
                    "tail must be between 0 and " + MOST_LINES + " lines; it is " + tail + ".");
        }
        if (offset != null && offset < 0) {
            throw new ApiProblem(ProblemType.INVALID_PARAMETER, "offset counts bytes from 0; it is " + offset + ".");
        }
    }

    private static OptionalInt optional(@Nullable Integer attempt) {
        return attempt == null ? OptionalInt.empty() : OptionalInt.of(attempt);
    }
}
