package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.Job;
import io.slipway.logs.JobLogs;
import io.slipway.logs.LogWindows;
import io.slipway.logs.LogsUnavailable;
import io.slipway.logs.UnknownLog;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the log viewer's script asks for: one window of lines at a time. No part of the API that is described. */
@Hidden
@RestController
@RequestMapping("/ui/jobs/{id}/log/{stream}")
class LogViewer {

    private static final int MOST_LINES = 2000;

    private final CallersJobs callersJobs;
    private final JobOutput output;
    private final JobLogs logs;
    private final LogWindows windows;

    LogViewer(CallersJobs callersJobs, JobOutput output, JobLogs logs, LogWindows windows) {
        this.callersJobs = callersJobs;
        this.output = output;
        this.logs = logs;
        this.windows = windows;
    }

    /** @param line {@code null} when more has to be counted: ask again */
    record Number(@Nullable Long line) {}

    @GetMapping
    ResponseEntity<LogLook> look(
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String stream,
            @RequestParam int attempt,
            @RequestParam("anchor") LogWindows.Anchor anchor,
            @RequestParam(defaultValue = "0") long at,
            @RequestParam(defaultValue = "500") int lines) {
        Job job = callersJobs.readable(Caller.of(request), id);
        return answer(output.look(
                job,
                OptionalInt.of(attempt),
                logs.named(job, stream),
                anchor,
                Math.max(0, at),
                Math.max(1, Math.min(MOST_LINES, lines))));
    }

    @GetMapping("/number")
    ResponseEntity<Number> number(
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String stream,
            @RequestParam int attempt,
            @RequestParam long at)
            throws IOException {
        Job job = callersJobs.readable(Caller.of(request), id);
        OptionalLong line = windows.number(job, OptionalInt.of(attempt), logs.named(job, stream), Math.max(0, at));
        return answer(new Number(line.isPresent() ? line.getAsLong() : null));
    }

    @GetMapping("/find")
    ResponseEntity<LogWindows.Hits> find(
            HttpServletRequest request,
            @PathVariable String id,
            @PathVariable String stream,
            @RequestParam int attempt,
            @RequestParam String text,
            @RequestParam(defaultValue = "0") long from)
            throws IOException {
        Job job = callersJobs.readable(Caller.of(request), id);
        if (text.isEmpty() || text.length() > 200) {
            return ResponseEntity.badRequest().build();
        }
        return answer(windows.find(job, OptionalInt.of(attempt), logs.named(job, stream), text, Math.max(0, from)));
    }

    /** The script goes on without an answer; a page that tells of a failure is of no use to it. */
    @ExceptionHandler
    ResponseEntity<Void> gone(UnknownLog gone) {
        return ResponseEntity.notFound().build();
    }

    @ExceptionHandler
    ResponseEntity<Void> silent(LogsUnavailable silent) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
    }

    private static <T> ResponseEntity<T> answer(T body) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
    }
}
