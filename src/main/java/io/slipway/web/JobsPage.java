package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.JobCounts;
import io.slipway.jobs.JobList;
import io.slipway.jobs.JobSlice;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of jobs, which is also where people arrive. */
@Controller
class JobsPage {

    private static final Pattern ID = Pattern.compile("[0-9A-HJKMNP-TV-Z]{26}");

    /** Shorter ones are the beginning of nearly all ids, or a word. */
    private static final Pattern ID_BEGINS = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{5,25}");

    private final JobList list;
    private final JobCounts counts;
    private final CallersJobs callersJobs;
    private final Jobs jobs;
    private final Clock clock;

    JobsPage(JobList list, JobCounts counts, CallersJobs callersJobs, Jobs jobs, Clock clock) {
        this.list = list;
        this.counts = counts;
        this.callersJobs = callersJobs;
        this.jobs = jobs;
        this.clock = clock;
    }

    @GetMapping({"/ui", "/ui/"})
    String start() {
        return "redirect:/ui/jobs";
    }

    @GetMapping("/ui/jobs")
    String list(HttpServletRequest request, @RequestParam MultiValueMap<String, String> given, Model model) {
        Caller caller = Caller.of(request);
        JobQuery query = JobQuery.of(given);
        if (ID.matcher(query.text()).matches()
                && callersJobs.ifReadable(caller, query.text()).isPresent()) {
            return "redirect:/ui/jobs/" + query.text();
        }
        Instant now = clock.instant();
        JobSlice page = list.page(
                query.listing(caller, now, isId(query, caller)), query.paging().size());
        model.addAttribute("query", query);
        model.addAttribute("states", StateCount.of(query, query.isCountable() ? counted(query, caller, now) : null));
        model.addAttribute("times", JobQuery.times());
        model.addAttribute("sizes", Paging.SIZES);
        model.addAttribute("sortings", Sorting.values());
        model.addAttribute(
                "rows", page.items().stream().map(job -> JobRow.of(job, now)).toList());
        model.addAttribute("selection", SelectedJobs.Outcome.of(given));
        model.addAttribute("key", SelectedJobs.newKey());
        model.addAttribute("here", query.address(query.paging().before()));
        model.addAttribute("newest", query.address(null));
        model.addAttribute("next", page.next() == null ? null : query.address(page.next()));
        model.addAttribute("curl", Curl.of(request, "-F project=@project.zip ", "/jobs"));
        return "jobs/list";
    }

    private Map<JobState, Long> counted(JobQuery query, Caller caller, Instant now) {
        String owner = query.owner();
        return counts.of(caller.listed(owner.isEmpty() ? null : owner), query.from(now));
    }

    /** Whether a job that the caller may read has an id that begins so; else it is a part of a name. */
    private boolean isId(JobQuery query, Caller caller) {
        return ID_BEGINS.matcher(query.text()).matches() && jobs.anyIdBegins(query.text(), caller.listed(null));
    }
}
