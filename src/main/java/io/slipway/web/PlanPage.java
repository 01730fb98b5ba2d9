package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.Job;
import io.slipway.project.Overlaid;
import io.slipway.project.ProjectFile;
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
import org.springframework.web.bind.annotation.RequestParam;

/** What a job was, or will be, started with: the exact command, and where each file of its project lies for it. */
@Controller
class PlanPage {

    /** A project may have very many files, and nobody reads a hundred thousand rows. */
    static final int ROWS = 500;

    private final CallersJobs callersJobs;
    private final StartedPlans plans;

    PlanPage(CallersJobs callersJobs, StartedPlans plans) {
        this.callersJobs = callersJobs;
        this.plans = plans;
    }

    /** @param overlay what a configuration file did here that was laid over the project */
    record FileRow(
            String path,
            String target,
            String size,
            @Nullable Overlaid overlay) {}

    /**
     * Some of the files.
     *
     * @param from the number of the first row, from 0
     * @param overlaid how many of all are configuration laid over the project
     */
    record FileRows(List<FileRow> rows, int from, int all, long overlaid) {

        public int to() {
            return from + rows.size();
        }

        public @Nullable Integer before() {
            return from == 0 ? null : Integer.valueOf(Math.max(0, from - ROWS));
        }

        public @Nullable Integer next() {
            return to() < all ? Integer.valueOf(to()) : null;
        }

        static FileRows of(Job job, StartedPlan plan, int wanted) {
            Map<String, Overlaid> overlaid = job.spec().program().overlaid();
            List<ProjectFile> files = plan.files();
            int from = Math.max(0, Math.min(wanted, files.size() - 1));
            List<FileRow> rows = files.subList(from, Math.min(files.size(), from + ROWS)).stream()
                    .map(file -> new FileRow(
                            file.path(),
                            plan.preview().targets().getOrDefault(file.path(), file.path()),
                            LogTab.size(file.size()),
                            overlaid.get(file.path())))
                    .toList();
            return new FileRows(rows, from, files.size(), overlaid.size());
        }
    }

    @GetMapping("/ui/jobs/{id}/plan")
    String page(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(defaultValue = "0") int from,
            Model model) {
        Job job = callersJobs.readable(Caller.of(request), id);
        model.addAttribute("job", job);
        model.addAttribute("spec", SpecAsText.of(job));
        try {
            StartedPlan plan = plans.of(job);
            model.addAttribute("plan", plan);
            model.addAttribute("files", FileRows.of(job, plan, from));
        } catch (UnknownReference | StorageUnavailable gone) {
            model.addAttribute("absent", gone.getMessage());
        }
        return "jobs/plan";
    }
}
