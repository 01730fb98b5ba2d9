package io.slipway.web;

import io.slipway.jobs.Job;
import io.slipway.jobs.Jobs;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What was asked of two jobs, and where they differ. */
@Controller
class ComparePage {

    private final Jobs jobs;
    private final Clock clock;

    ComparePage(Jobs jobs, Clock clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    /** @param with the id of the other job, which is shown on the left */
    @GetMapping("/ui/jobs/{id}/compare")
    String page(HttpServletRequest request, @PathVariable String id, @RequestParam String with, Model model) {
        Visitor visitor = Visitor.of(request);
        Job right = visitor.job(jobs, id);
        Job left = visitor.job(jobs, with.strip());
        Instant now = clock.instant();
        model.addAttribute("left", JobRow.of(left, now));
        model.addAttribute("right", JobRow.of(right, now));
        model.addAttribute(
                "diff", SpecDiff.of(SpecAsText.of(left), left.projectId(), SpecAsText.of(right), right.projectId()));
        return "jobs/compare";
    }
}
