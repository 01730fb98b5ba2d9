package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.compute.Clusters;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.Job;
import io.slipway.jobs.Owner;
import io.slipway.submission.Submission;
import io.slipway.submission.SubmissionSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Where a job is sent from: a new project, an earlier one with another spec, or the example that is bundled. */
@Controller
class SubmitPage {

    private final CallersJobs callersJobs;
    private final Clusters clusters;
    private final SubmissionSettings settings;
    private final ExampleProject example;
    private final Submission submission;

    SubmitPage(
            CallersJobs callersJobs,
            Clusters clusters,
            SubmissionSettings settings,
            ExampleProject example,
            Submission submission) {
        this.callersJobs = callersJobs;
        this.clusters = clusters;
        this.settings = settings;
        this.example = example;
        this.submission = submission;
    }

    /** @param from a job of the caller's own, whose project and spec the form begins with */
    @GetMapping("/ui/jobs/new")
    String form(HttpServletRequest request, @RequestParam(required = false) @Nullable String from, Model model) {
        Caller caller = Caller.of(request);
        Job earlier = from == null ? null : callersJobs.own(caller, from);
        model.addAttribute("earlier", earlier);
        SpecAsText asked = earlier == null ? SpecAsText.EMPTY : SpecAsText.of(earlier);
        model.addAttribute("spec", asked.among(List.copyOf(clusters.names()), clusters.defaultName()));
        model.addAttribute("sources", submission.sourcePrefixes(new Owner(caller.owner())));
        model.addAttribute("maxUpload", settings.maxUpload().toBytes());
        model.addAttribute(
                "maxUploadText",
                settings.maxUpload().toGigabytes() > 0
                        ? settings.maxUpload().toGigabytes() + " GB"
                        : settings.maxUpload().toMegabytes() + " MB");
        return "jobs/new";
    }

    @PostMapping("/ui/examples")
    String sendExample(HttpServletRequest request) throws IOException {
        return "redirect:/ui/jobs/"
                + example.submit(Caller.of(request).owner()).job().id();
    }
}
