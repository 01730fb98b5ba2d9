package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.submission.Submission;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Plans over HTTP: what a job would become. */
@RestController
@RequestMapping("/plans")
class PlansController implements PlansApi {

    private final Submission submission;
    private final UploadReader uploads;

    PlansController(Submission submission, UploadReader uploads) {
        this.submission = submission;
        this.uploads = uploads;
    }

    @Override
    @PostMapping
    public PlanView plan(HttpServletRequest request) throws IOException {
        try (SentForm sent = uploads.read(request)) {
            return PlanView.of(submission.plan(new SubmitForm(sent).command(Caller.of(request), request)));
        }
    }
}
