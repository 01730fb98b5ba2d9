package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.compute.RunProgress;
import io.slipway.control.CancelJob;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobFilter;
import io.slipway.jobs.JobList;
import io.slipway.jobs.JobSlice;
import io.slipway.jobs.JobState;
import io.slipway.logs.JobProgress;
import io.slipway.submission.Submission;
import io.slipway.submission.Submitted;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Jobs over HTTP: send one, look at some, end one. */
@RestController
@RequestMapping("/jobs")
class JobsController implements JobsApi {

    static final int MOST_A_PAGE = 500;

    private final Submission submission;
    private final UploadReader uploads;
    private final JobList list;
    private final CancelJob cancelJob;
    private final JobProgress progress;
    private final Links.FromRequest here;

    JobsController(
            Submission submission,
            UploadReader uploads,
            JobList list,
            CancelJob cancelJob,
            JobProgress progress,
            Links.FromRequest here) {
        this.submission = submission;
        this.uploads = uploads;
        this.list = list;
        this.cancelJob = cancelJob;
        this.progress = progress;
        this.here = here;
    }

    @Override
    @PostMapping
    public ResponseEntity<JobView> submit(HttpServletRequest request) throws IOException {
        Submitted submitted;
        try (SentForm sent = uploads.read(request)) {
            submitted = submission.submit(new SubmitForm(sent).command(Caller.of(request), request));
        }
        Links links = here.links();
        return ResponseEntity.status(submitted.isNew() ? HttpStatus.ACCEPTED : HttpStatus.OK)
                .location(links.job(submitted.job().id(), ""))
                .eTag(JobTag.of(submitted.job(), links.waitingFor(submitted.job()), Optional.empty())
                        .toString())
                .body(JobView.of(submitted.job(), links));
    }

    @Override
    @GetMapping
    public Page<JobView> list(
            HttpServletRequest request,
            @RequestParam(required = false) @Nullable Set<JobState> state,
            @RequestParam(required = false) @Nullable List<String> label,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable String owner,
            @RequestParam(required = false) @Nullable String cluster,
            @RequestParam(required = false) @Nullable Instant createdFrom,
            @RequestParam(required = false) @Nullable Instant createdTo,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(defaultValue = "50") int limit) {
        Paging.requireLimit(limit, MOST_A_PAGE);
        String cursor = Paging.cursor(before, "a job");
        JobFilter filter = new JobFilter(
                Caller.of(request).listed(owner),
                cluster,
                States.of(state),
                LabelFilter.of(request.getParameterValues("label")),
                name,
                new JobFilter.Created(createdFrom, createdTo),
                cursor);
        JobSlice page = list.page(filter, limit);
        Links links = here.links();
        return new Page<>(
                page.items().stream()
                        .map(job -> JobView.of(job, null, progress.known(job), links))
                        .toList(),
                page.next() == null ? null : links.nextPage(request, page.next()));
    }

    @Override
    @PostMapping("/{id}/cancel")
    public ResponseEntity<JobView> cancel(HttpServletRequest request, @PathVariable String id) {
        try {
            Job job = cancelJob.of(Caller.of(request), id);
            Links links = here.links();
            Optional<RunProgress> far = progress.known(job);
            return ResponseEntity.ok()
                    .eTag(JobTag.of(job, links.waitingFor(job), far).toString())
                    .body(JobView.of(job, null, far, links));
        } catch (IllegalJobChange ended) {
            throw new ApiProblem(
                    ProblemType.JOB_ENDED, "Job " + id + " is " + ended.from() + " and cannot be cancelled.");
        }
    }
}
