package io.slipway.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** In which types of body a project comes: a form, or the project itself. Which kind of archive it is, its first bytes say. */
final class UploadType {

    static final String FORM = "multipart/form-data";

    private static final String ARCHIVE = "project";
    private static final String PYTHON = "main.py";

    /** Type of a body → what a project is called that came without a name. */
    private static final Map<String, String> PROJECTS = Map.ofEntries(
            Map.entry("application/zip", ARCHIVE),
            Map.entry("application/x-zip-compressed", ARCHIVE),
            Map.entry("application/gzip", ARCHIVE),
            Map.entry("application/x-gzip", ARCHIVE),
            Map.entry("application/x-gtar", ARCHIVE),
            Map.entry("application/x-tar", ARCHIVE),
            Map.entry("application/x-compressed-tar", ARCHIVE),
            Map.entry("application/x-bzip2", ARCHIVE),
            Map.entry("application/x-xz", ARCHIVE),
            Map.entry("application/zstd", ARCHIVE),
            Map.entry("application/octet-stream", ARCHIVE),
            Map.entry("text/x-python", PYTHON),
            Map.entry("text/x-script.python", PYTHON),
            Map.entry("application/x-python", PYTHON),
            Map.entry("application/x-python-code", PYTHON));

    private UploadType() {}

    static boolean isForm(@Nullable String type) {
        return FORM.equals(withoutParameters(type));
    }

    /** What a project of this type is called when the client does not say; {@code null} for a type that is none of a project. */
    static @Nullable String projectName(@Nullable String type) {
        return PROJECTS.get(withoutParameters(type));
    }

    static boolean isProject(@Nullable String type) {
        return projectName(type) != null;
    }

    private static String withoutParameters(@Nullable String type) {
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(java.util.Locale.ROOT);
    }

    /** For a body that is neither. */
    static ApiProblem unsupported(HttpServletRequest request) {
        String type = request.getContentType();
        String what = type == null
                ? "The request has no Content-Type."
                : "Content-Type '" + LongText.shown(type) + "' is none that is taken here.";
        if (RequestFilter.isChange(request)) {
            HttpHeaders form = new HttpHeaders();
            form.set(HttpHeaders.ACCEPT, FORM);
            return new ApiProblem(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    what + " Send the changes as a form: -F manifest=@manifest -F changes=@changes.zip",
                    form);
        }
        String way =
                " Send the project as a form: -F project=@project.zip (a .zip, a .tar.gz or one .py file); or as the"
                        + " body itself: --data-binary @project.zip -H 'Content-Type: application/zip', its wishes in the"
                        + " query.";
        String more = "application/json".equals(withoutParameters(type))
                ? " A spec in JSON goes beside it: -F 'spec={…};type=application/json'."
                : "";
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.ACCEPT, FORM + ", " + String.join(", ", all()));
        return new ApiProblem(ProblemType.UNSUPPORTED_MEDIA_TYPE, what + way + more, headers);
    }

    static Set<String> all() {
        return new TreeSet<>(PROJECTS.keySet());
    }
}
