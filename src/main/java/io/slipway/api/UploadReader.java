package io.slipway.api;

import io.slipway.project.HeldBytes;
import io.slipway.submission.Incoming;
import io.slipway.submission.SubmissionSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Reads a submission's request: a form, or a project as the body with its wishes in the query. */
@Component
class UploadReader {

    private final Incoming incoming;
    private final SubmissionSettings settings;
    private final UploadLimits limits;

    UploadReader(Incoming incoming, SubmissionSettings settings, UploadLimits limits) {
        this.incoming = incoming;
        this.settings = settings;
        this.limits = limits;
    }

    /** A stored project's changes, which come as a form of two files. */
    SentForm readChanges(HttpServletRequest request) throws IOException {
        if (!UploadType.isForm(request.getContentType())) {
            throw UploadType.unsupported(request);
        }
        Query.parameters(request.getQueryString()).keySet().forEach(name -> {
            throw new ApiProblem(
                    ProblemType.INVALID_PARAMETER,
                    "There is no parameter '" + LongText.shown(name) + "' here: this address takes none.");
        });
        SentForm form = new SentForm(incoming.newWork(), settings.mustStayFree());
        try {
            new FormReader(request, form, settings, limits, FormReader.CHANGES).read();
            return form;
        } catch (IOException | RuntimeException failure) {
            form.close();
            throw failure;
        }
    }

    /** All of the request is read when this returns; the caller closes what it gets. */
    SentForm read(HttpServletRequest request) throws IOException {
        String type = request.getContentType();
        if (!UploadType.isForm(type) && !UploadType.isProject(type)) {
            throw UploadType.unsupported(request);
        }
        SentForm form = new SentForm(incoming.newWork(), settings.mustStayFree());
        try {
            Query.parameters(request.getQueryString()).forEach((name, values) -> {
                for (String value : values) {
                    form.text(WishNames.checked(name), value);
                }
            });
            if (UploadType.isForm(type)) {
                new FormReader(request, form, settings, limits, FormReader.SUBMISSION).read();
                if (PlainForm.is(request)) {
                    // The earlier job's project stands in the form until a file is chosen or a source is named.
                    form.keepLast("project");
                }
            } else {
                body(request, form);
            }
            return form;
        } catch (IOException | RuntimeException failure) {
            form.close();
            throw failure;
        }
    }

    private void body(HttpServletRequest request, SentForm form) throws IOException {
        HeldBytes body;
        try (InputStream in = request.getInputStream()) {
            body = form.take(in, settings.maxUpload().toBytes());
        }
        if (body == null) {
            throw new ApiProblem(ProblemType.UPLOAD_TOO_LARGE, UploadGate.tooLarge(settings));
        }
        if (body.isEmpty()) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    "The body is empty. With curl: --data-binary @project.zip; -d @project.zip spoils an archive.");
        }
        form.file("project", new SentFile(name(request), body));
    }

    private static String name(HttpServletRequest request) {
        String disposition = request.getHeader(HttpHeaders.CONTENT_DISPOSITION);
        String named = disposition == null ? null : fileName(disposition);
        String type = request.getContentType();
        return named == null || named.isBlank() ? String.valueOf(UploadType.projectName(type)) : named;
    }

    /** The file name of a Content-Disposition, its escapes undone; {@code null} when it has none. */
    static @org.jspecify.annotations.Nullable String fileName(String disposition) {
        try {
            return ContentDisposition.parse(disposition).getFilename();
        } catch (IllegalArgumentException | IndexOutOfBoundsException unreadable) {
            // The parser itself stumbles over a quote that is never closed.
            throw new ApiProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "A Content-Disposition cannot be read: '" + LongText.shown(disposition) + "'.");
        }
    }
}
