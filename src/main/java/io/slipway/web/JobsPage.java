package io.slipway.web;

import io.slipway.jobs.JobList;
import io.slipway.jobs.JobSlice;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The list of jobs, which is also where people arrive. */
@Controller
class JobsPage {

    private static final int A_PAGE = 50;
    private static final Pattern ID = Pattern.compile("[0-9A-HJKMNP-TV-Z]{26}");

    private final JobList list;
    private final Jobs jobs;
    private final Clock clock;

    JobsPage(JobList list, Jobs jobs, Clock clock) {
        this.list = list;
        this.jobs = jobs;
        this.clock = clock;
    }

    @GetMapping({"/ui", "/ui/"})
    String start() {
        return "redirect:/ui/jobs";
    }

    @GetMapping("/ui/jobs")
    String list(HttpServletRequest request, @RequestParam MultiValueMap<String, String> given, Model model) {
        Visitor visitor = Visitor.of(request);
        JobQuery query = JobQuery.of(given);
        if (ID.matcher(query.text()).matches()
                && jobs.findById(query.text()).filter(visitor::mayRead).isPresent()) {
            return "redirect:/ui/jobs/" + query.text();
        }
        Instant now = clock.instant();
        JobSlice page = list.page(query.filter(visitor, now), A_PAGE);
        model.addAttribute("query", query);
        model.addAttribute("states", JobState.values());
        model.addAttribute("times", JobQuery.times());
        model.addAttribute(
                "rows", page.items().stream().map(job -> JobRow.of(job, now)).toList());
        model.addAttribute("here", query.address(query.before()));
        model.addAttribute("newest", query.address(null));
        model.addAttribute("next", page.next() == null ? null : query.address(page.next()));
        model.addAttribute("curl", curl(request));
        return request.getHeader("HX-Request") == null ? "jobs/list" : "jobs/list :: live";
    }

    private static String curl(HttpServletRequest request) {
        String base =
                ServletUriComponentsBuilder.fromContextPath(request).build().toUriString();
        boolean token = request.getCookies() != null
                && java.util.Arrays.stream(request.getCookies())
                        .anyMatch(cookie -> cookie.getName().equals("slipway-session"));
        return "curl " + (token ? "-H '" + HttpHeaders.AUTHORIZATION + ": Bearer '\"$TOKEN\" " : "")
                + "-F project=@project.zip " + base + "/jobs";
    }
}
