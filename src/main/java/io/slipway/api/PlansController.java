package io.slipway.api;

import io.slipway.submission.Incoming;
import io.slipway.submission.Submission;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** Plans over HTTP: what a job would become. */
@RestController
@RequestMapping("/plans")
class PlansController implements PlansApi {

    private final Submission submission;
    private final Incoming incoming;

    PlansController(Submission submission, Incoming incoming) {
        this.submission = submission;
        this.incoming = incoming;
    }

    @Override
    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    public PlanView plan(MultipartHttpServletRequest request) throws IOException {
        try (SubmitForm form = new SubmitForm(request, incoming)) {
            return PlanView.of(submission.plan(form.command(Caller.of(request))));
        }
    }
}
