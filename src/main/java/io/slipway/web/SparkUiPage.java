package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.compute.Clusters;
import io.slipway.compute.RunOrder;
import io.slipway.compute.SparkUi;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.ApplicationWishes;
import io.slipway.jobs.Job;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Waits with a person for the link to Spark's own pages, and leads there. */
@Controller
class SparkUiPage {

    private final CallersJobs callersJobs;
    private final Clusters clusters;
    private final ApplicationWishes wishes;

    SparkUiPage(CallersJobs callersJobs, Clusters clusters, ApplicationWishes wishes) {
        this.callersJobs = callersJobs;
        this.wishes = wishes;
        this.clusters = clusters;
    }

    @GetMapping("/ui/jobs/{id}/spark-ui")
    String page(HttpServletRequest request, HttpServletResponse response, @PathVariable String id, Model model) {
        Job job = callersJobs.readable(Caller.of(request), id);
        wishes.of(job);
        SparkUi ui = of(job);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        model.addAttribute("job", job);
        model.addAttribute("isComing", ui instanceof SparkUi.Coming);
        if (ui instanceof SparkUi.Ready ready) {
            // Not as a view's name: Spring would take the link for a template with variables.
            response.setStatus(HttpStatus.SEE_OTHER.value());
            response.setHeader(HttpHeaders.LOCATION, ready.uri().toString());
            model.addAttribute("message", "It opens now.");
        } else if (ui instanceof SparkUi.Coming coming) {
            response.setHeader(
                    "Refresh", Long.toString(coming.askAgain().plusMillis(999).toSeconds()));
            model.addAttribute("message", coming.message());
        } else if (ui instanceof SparkUi.None none) {
            response.setStatus(HttpStatus.NOT_FOUND.value());
            model.addAttribute("message", none.message());
        }
        return "jobs/spark-ui";
    }

    private SparkUi of(Job job) {
        return job.all()
                .last()
                .flatMap(run -> clusters.find(job.cluster())
                        .map(cluster -> cluster.output()
                                .sparkUi(new RunOrder(run.ref(), job.name(), job.plan()), run.endedAt())))
                .orElseGet(() -> new SparkUi.None("The job has not been started anywhere."));
    }
}
