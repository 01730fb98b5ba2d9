package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.Job;
import io.slipway.submission.ProjectDownload;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Gives a job's project to the one who sent it. */
@Controller
class DownloadedProjects {

    private final CallersJobs callersJobs;
    private final ProjectDownload projects;

    DownloadedProjects(CallersJobs callersJobs, ProjectDownload projects) {
        this.callersJobs = callersJobs;
        this.projects = projects;
    }

    @GetMapping("/ui/jobs/{id}/project.zip")
    void download(HttpServletRequest request, HttpServletResponse response, @PathVariable String id)
            throws IOException {
        Job job = callersJobs.own(Caller.of(request), id);
        try (InputStream bytes = projects.open(job)) {
            response.setContentType("application/zip");
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    ContentDisposition.attachment()
                            .filename(job.name().replaceAll("[^A-Za-z0-9._-]+", "-") + "-" + job.id() + ".zip")
                            .build()
                            .toString());
            bytes.transferTo(response.getOutputStream());
        }
    }
}
