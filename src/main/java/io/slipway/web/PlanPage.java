package io.slipway.web;

import io.slipway.jobs.Job;
import io.slipway.jobs.Jobs;
import io.slipway.project.Overlaid;
import io.slipway.submission.StartedPlans;
import io.slipway.submission.StartedPlans.StartedPlan;
import io.slipway.submission.StorageUnavailable;
import io.slipway.submission.UnknownReference;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** What a job was, or will be, started with: the exact command, and where each file of its project lies for it. */
@Controller
class PlanPage {

    private final Jobs jobs;
    private final StartedPlans plans;

    PlanPage(Jobs jobs, StartedPlans plans) {
        this.jobs = jobs;
        this.plans = plans;
    }

    /** @param overlay what a configuration file did here that was laid over the project */
    record FileRow(
            String path,
            String target,
            String size,
            @Nullable Overlaid overlay) {}

    @GetMapping("/ui/jobs/{id}/plan")
    String page(HttpServletRequest request, @PathVariable String id, Model model) {
        Job job = Visitor.of(request).job(jobs, id);
        model.addAttribute("job", job);
        model.addAttribute("spec", SpecAsText.of(job));
        try {
            StartedPlan plan = plans.of(job);
            model.addAttribute("plan", plan);
            List<FileRow> files = files(job, plan);
            model.addAttribute("files", files);
            model.addAttribute(
                    "overlaid",
                    files.stream().filter(file -> file.overlay() != null).count());
        } catch (UnknownReference | StorageUnavailable gone) {
            model.addAttribute("absent", gone.getMessage());
        }
        return "jobs/plan";
    }

    private static List<FileRow> files(Job job, StartedPlan plan) {
        Map<String, Overlaid> overlaid = job.spec().program().overlaid();
        return plan.files().stream()
                .map(file -> new FileRow(
                        file.path(),
                        plan.preview().targets().getOrDefault(file.path(), file.path()),
                        LogTab.size(file.size()),
                        overlaid.get(file.path())))
                .toList();
    }
}
