package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.jobs.Owner;
import io.slipway.project.ArtifactId;
import io.slipway.submission.ChangeProject;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** Stored projects over HTTP: whether one is there, and one more made of it and of what changed. */
@RestController
@RequestMapping("/projects")
class ProjectsController implements ProjectsApi {

    private static final Pattern ID = Pattern.compile("(?:sha256:)?([0-9a-f]{64})");

    private final ChangeProject projects;
    private final UploadReader uploads;

    ProjectsController(ChangeProject projects, UploadReader uploads) {
        this.projects = projects;
        this.uploads = uploads;
    }

    @Override
    @RequestMapping(path = "/{id}", method = RequestMethod.HEAD)
    public ResponseEntity<Void> look(HttpServletRequest request, @PathVariable String id) {
        if (!projects.isThere(owner(request), checked(id))) {
            throw unknown();
        }
        return ResponseEntity.ok().build();
    }

    @Override
    @PostMapping("/{base}/changes")
    public StoredProjectView change(HttpServletRequest request, @PathVariable String base) throws IOException {
        try (SentForm sent = uploads.readChanges(request)) {
            SentFile manifest = only(sent, "manifest");
            if (manifest == null) {
                throw new ApiProblem(
                        ProblemType.MISSING_PART, "The manifest is missing: send it as the file part 'manifest'.");
            }
            SentFile changes = only(sent, "changes");
            return StoredProjectView.of(projects.of(
                    owner(request), checked(base), manifest.bytes(), changes == null ? null : changes.bytes()));
        }
    }

    private static @org.jspecify.annotations.Nullable SentFile only(SentForm sent, String field) {
        List<SentFile> files = sent.files(field);
        if (files.size() > 1) {
            throw new ApiProblem(ProblemType.TOO_MANY_PARTS, "There is more than one part '" + field + "'. Send one.");
        }
        return files.isEmpty() ? null : files.get(0);
    }

    private static Owner owner(HttpServletRequest request) {
        return new Owner(Caller.of(request).owner());
    }

    private static ArtifactId checked(String id) {
        Matcher found = ID.matcher(id);
        if (!found.matches()) {
            throw unknown();
        }
        return new ArtifactId(found.group(1));
    }

    private static ApiProblem unknown() {
        return new ApiProblem(
                ProblemType.PROJECT_NOT_FOUND, "You have sent no project of this id, or it is not stored any more.");
    }
}
