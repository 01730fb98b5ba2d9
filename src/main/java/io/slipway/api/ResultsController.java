package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.compute.RunResults;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.Job;
import io.slipway.logs.JobResults;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Files that the runs of a job have left: what a stranger's program wrote, handed out as nothing but bytes. */
@RestController
@RequestMapping("/jobs/{id}")
class ResultsController implements ResultsApi {

    private static final RunResults NONE_YET = new RunResults(List.of(), List.of(), null);

    private final CallersJobs callersJobs;
    private final JobResults results;
    private final Links.FromRequest here;

    ResultsController(CallersJobs callersJobs, JobResults results, Links.FromRequest here) {
        this.callersJobs = callersJobs;
        this.results = results;
        this.here = here;
    }

    @Override
    @GetMapping("/results")
    public ResultsView list(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Integer attempt) {
        Job job = callersJobs.readable(Caller.of(request), id);
        URI base = here.links().job(job.id(), "/results/file" + (attempt == null ? "" : "?attempt=" + attempt));
        return results.of(job, optional(attempt))
                .map(kept -> ResultsView.of(kept, base))
                .orElseGet(() -> new ResultsView(List.of(), List.of(), null, false));
    }

    @Override
    @GetMapping("/results/file")
    public void read(
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable String id,
            @RequestParam String path,
            @RequestParam(required = false) @Nullable Integer attempt)
            throws IOException {
        Job job = readable(request, id);
        try (InputStream content = results.open(job, optional(attempt), path)) {
            head(response, "application/octet-stream", path.substring(path.lastIndexOf('/') + 1));
            content.transferTo(response.getOutputStream());
        }
    }

    @Override
    @GetMapping("/results.zip")
    public void zip(
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Integer attempt)
            throws IOException {
        Job job = readable(request, id);
        RunResults kept = results.of(job, optional(attempt)).orElse(NONE_YET);
        head(response, "application/zip", job.id() + "-results.zip");
        results.zip(job, optional(attempt), kept, response.getOutputStream());
    }

    private Job readable(HttpServletRequest request, String id) {
        Caller caller = Caller.of(request);
        LongAnswers.requireSlot();
        return callersJobs.readable(caller, id);
    }

    private static void head(HttpServletResponse response, String type, String name) {
        response.setContentType(type);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename(name, StandardCharsets.UTF_8)
                        .build()
                        .toString());
    }

    private static OptionalInt optional(@Nullable Integer attempt) {
        return attempt == null ? OptionalInt.empty() : OptionalInt.of(attempt);
    }
}
