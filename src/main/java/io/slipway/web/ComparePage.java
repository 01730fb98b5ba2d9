package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.Job;
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

    private final CallersJobs callersJobs;
    private final Clock clock;

    ComparePage(CallersJobs callersJobs, Clock clock) {
        this.callersJobs = callersJobs;
        this.clock = clock;
    }

    /** @param with the id of the other job, which is shown on the left */
    @GetMapping("/ui/jobs/{id}/compare")
    String page(HttpServletRequest request, @PathVariable String id, @RequestParam String with, Model model) {
        Caller caller = Caller.of(request);
        Job right = callersJobs.readable(caller, id);
        Job left = callersJobs.readable(caller, with.strip());
        Instant now = clock.instant();
        model.addAttribute("left", JobRow.of(left, now));
        model.addAttribute("right", JobRow.of(right, now));
        model.addAttribute("diff", SpecDiff.of(left, right));
        return "jobs/compare";
    }
}
