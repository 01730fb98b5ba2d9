package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.compute.RunResults;
import io.slipway.control.CallersJobs;
import io.slipway.jobs.Job;
import io.slipway.logs.FirstOf;
import io.slipway.logs.JobResults;
import io.slipway.logs.UnknownResult;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The files that a job has left. A stranger's program wrote them: shown are text, tables and pictures alone. */
@Controller
class ResultsPage {

    /** More of them nobody looks through. */
    private static final int ROWS = 1000;

    private static final int LARGEST_PICTURE = 10 << 20;

    private final CallersJobs callersJobs;
    private final JobResults results;

    ResultsPage(CallersJobs callersJobs, JobResults results) {
        this.callersJobs = callersJobs;
        this.results = results;
    }

    record FileRow(String path, String size) {}

    @GetMapping("/ui/jobs/{id}/results")
    String page(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String path,
            Model model)
            throws IOException {
        Job job = callersJobs.readable(Caller.of(request), id);
        RunResults kept = results.of(job, OptionalInt.empty()).orElse(null);
        model.addAttribute("job", job);
        model.addAttribute("isThere", kept != null);
        model.addAttribute("isOver", job.state().isTerminal());
        model.addAttribute("wanted", job.spec().program().launch().results());
        model.addAttribute("files", kept == null ? List.of() : rows(kept));
        model.addAttribute("leftOut", kept == null ? List.of() : kept.leftOut());
        model.addAttribute("note", kept == null ? null : kept.note());
        model.addAttribute("shown", path == null ? null : shown(job, path));
        return "jobs/results";
    }

    private static List<FileRow> rows(RunResults kept) {
        return kept.files().stream()
                .limit(ROWS)
                .map(file -> new FileRow(file.path(), LogTab.size(file.size())))
                .toList();
    }

    private @Nullable ResultShown shown(Job job, String path) throws IOException {
        try (InputStream in = results.open(job, OptionalInt.empty(), path)) {
            return ResultShown.of(path, in.readNBytes(ResultShown.MOST + 1));
        } catch (UnknownResult gone) {
            return null;
        }
    }

    /** What begins as a PNG, as that and nothing else. */
    @GetMapping("/ui/jobs/{id}/results/image")
    void image(
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable String id,
            @RequestParam String path)
            throws IOException {
        Job job = callersJobs.readable(Caller.of(request), id);
        try (InputStream in = results.open(job, OptionalInt.empty(), path)) {
            byte[] beginning = in.readNBytes(ResultShown.PNG_LENGTH);
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setHeader("Cache-Control", "no-store");
            if (!ResultShown.isPng(beginning)) {
                response.setStatus(HttpStatus.NOT_FOUND.value());
                return;
            }
            response.setContentType(MediaType.IMAGE_PNG_VALUE);
            OutputStream out = response.getOutputStream();
            out.write(beginning);
            // Piece by piece: many pictures that are asked for at once would fill the memory.
            new FirstOf(in, LARGEST_PICTURE - beginning.length).transferTo(out);
        } catch (UnknownResult gone) {
            response.setStatus(HttpStatus.NOT_FOUND.value());
        }
    }
}
