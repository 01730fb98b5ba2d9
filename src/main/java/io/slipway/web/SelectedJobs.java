package io.slipway.web;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.access.Caller;
import io.slipway.control.CallersJobs;
import io.slipway.control.CancelJob;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.Job;
import io.slipway.jobs.UnknownJob;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.InvalidProject;
import io.slipway.submission.QuotaExceeded;
import io.slipway.submission.RunAgain;
import io.slipway.submission.StorageUnavailable;
import io.slipway.submission.UnknownReference;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;

/** What is done with several jobs of the list at once. Each is tried for itself: one that cannot be does not keep the others from it. */
@Controller
class SelectedJobs {

    /** As many as the longest page has. */
    private static final int MOST = 200;

    private static final Pattern KEY = Pattern.compile("[0-9A-Z]{26}");

    private final CallersJobs callersJobs;
    private final CancelJob cancelJob;
    private final RunAgain again;

    SelectedJobs(CallersJobs callersJobs, CancelJob cancelJob, RunAgain again) {
        this.callersJobs = callersJobs;
        this.cancelJob = cancelJob;
        this.again = again;
    }

    /** Names one showing of the list, so that a form that is sent twice runs nothing twice. */
    static String newKey() {
        return UlidCreator.getUlid().toString();
    }

    /** What came of it, as the list tells. Numbers alone: an address that somebody made up can say nothing else. */
    record Outcome(String action, int done, int left) {

        static @Nullable Outcome of(MultiValueMap<String, String> given) {
            String action = given.getFirst("did");
            if (action == null || !(action.equals("cancel") || action.equals("again"))) {
                return null;
            }
            return new Outcome(action, number(given.getFirst("done")), number(given.getFirst("left")));
        }

        public String words() {
            String what = action.equals("cancel")
                    ? (done == 1 ? "1 job is being cancelled." : done + " jobs are being cancelled.")
                    : (done == 1 ? "1 job was sent again." : done + " jobs were sent again.");
            return left == 0 ? what : what + " " + left + " could not be: " + why();
        }

        private String why() {
            return action.equals("cancel")
                    ? "ended already, or not yours."
                    : "not yours, the project is gone, or a quota is used up.";
        }

        private static int number(@Nullable String text) {
            return text != null && text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        }
    }

    @PostMapping("/ui/jobs/selected")
    String selected(
            HttpServletRequest request,
            @RequestParam(required = false) @Nullable List<String> id,
            @RequestParam(defaultValue = "") String action,
            @RequestParam(defaultValue = "") String key,
            @RequestParam(defaultValue = "/ui/jobs") String back) {
        Caller caller = Caller.of(request);
        List<String> ids =
                id == null ? List.of() : id.stream().distinct().limit(MOST).toList();
        if (action.equals("compare") && ids.size() >= 2) {
            return "redirect:/ui/jobs/"
                    + callersJobs.readable(caller, ids.get(1)).id() + "/compare?with="
                    + callersJobs.readable(caller, ids.get(0)).id();
        }
        List<String> done = new ArrayList<>();
        for (String each : ids) {
            if (action.equals("cancel") ? cancel(caller, each) : action.equals("again") && again(caller, each, key)) {
                done.add(each);
            }
        }
        return "redirect:" + address(back, action, done.size(), ids.size() - done.size());
    }

    private boolean cancel(Caller caller, String id) {
        try {
            Job job = callersJobs.readable(caller, id);
            if (job.state().isTerminal()) {
                return false;
            }
            cancelJob.of(caller, id);
            return true;
        } catch (UnknownJob | IllegalJobChange left) {
            return false;
        }
    }

    private boolean again(Caller caller, String id, String key) {
        try {
            Job job = callersJobs.own(caller, id);
            again.of(job.owner(), job.id(), "again-" + (KEY.matcher(key).matches() ? key : newKey()) + "-" + id);
            return true;
        } catch (UnknownJob
                | UnknownReference
                | InvalidProject
                | QuotaExceeded
                | StorageUnavailable
                | InspectionsBusy left) {
            return false;
        }
    }

    /** Back to the list as it was, whatever a hand-made form says. */
    private static String address(String back, String action, int done, int left) {
        String list = back.startsWith("/ui/jobs?") || back.equals("/ui/jobs") ? back : "/ui/jobs";
        UriComponentsBuilder address = UriComponentsBuilder.fromUriString(list);
        for (String name : List.of("did", "done", "left")) {
            address.replaceQueryParam(name);
        }
        if (action.equals("cancel") || action.equals("again")) {
            address.queryParam("did", action).queryParam("done", done).queryParam("left", left);
        }
        return address.build().toUriString();
    }
}
