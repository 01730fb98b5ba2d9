package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.jobs.JobId;
import io.slipway.jobs.Owner;
import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.archive.ConfigOverlay;
import io.slipway.submission.ProjectSource;
import io.slipway.submission.SubmitJob;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a submission's request asks for: its texts and files, taken for what their names say. */
record SubmitForm(SentForm sent) {

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final String REQUIREMENTS_FILE = "requirementsFile";
    private static final String ENVIRONMENT = "pythonEnvironment";
    private static final String SOURCE_VERSION = "sourceVersion";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,200}");
    private static final Pattern SHA256 = Pattern.compile("sha256:([0-9a-f]{64})");
    private static final Pattern JOB = Pattern.compile("job:([0-9A-HJKMNP-TV-Z]{26})");

    /** Texts that are no fields of the spec. */
    private static final Set<String> OTHERS = Set.of("spec", "project", SOURCE_VERSION, "configPath", "_csrf");

    SubmitJob command(Caller caller, HttpServletRequest request) {
        String spec = spec();
        List<ConfigOverlay> configs = configs();
        ProjectSource project = project();
        Map<String, List<String>> fields = new LinkedHashMap<>(sent.textsWithout(OTHERS));
        requirements().ifPresent(file -> {
            configs.add(file);
            fields.put("requirements", List.of(file.path().substring(2)));
        });
        return new SubmitJob(
                new Owner(caller.owner()), idempotencyKey(request), project, configs, environment(), spec, fields);
    }

    private ProjectSource project() {
        List<SentFile> files = sent.files("project");
        List<String> named = sent.texts("project");
        if (files.size() + named.size() != 1) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    files.isEmpty() && named.isEmpty()
                            ? "Send the project as the part 'project': -F project=@project.zip (or .tar.gz and other"
                                    + " tars, .whl, .pyz, or one .py file; or the text sha256:<id> or job:<id> of a"
                                    + " project that you sent before, or s3://bucket/key or"
                                    + " git+https://host/repository@ref of one that the service may fetch)."
                            : "The part 'project' was sent more than once. A job has one project; lay files over it"
                                    + " with 'config'.");
        }
        ProjectSource project = files.isEmpty() ? stored(named.get(0)) : uploaded(files.get(0));
        List<String> versions = sent.texts(SOURCE_VERSION);
        if (versions.isEmpty()) {
            return project;
        }
        if (versions.size() > 1 || !(project instanceof ProjectSource.Remote remote)) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    "'sourceVersion' is the version, as a plan shows it in 'source', of a project that the service"
                            + " fetches (s3:// or git+https://). Send it once, beside such a project.");
        }
        return new ProjectSource.Remote(remote.uri(), versions.get(0).strip());
    }

    private static ProjectSource uploaded(SentFile file) {
        String name = file.name();
        return new ProjectSource.Upload(file.bytes(), name == null || name.isBlank() ? "project" : name);
    }

    private static ProjectSource stored(String text) {
        var project = SHA256.matcher(text.strip());
        if (project.matches()) {
            return new ProjectSource.Stored(new ArtifactId(project.group(1)));
        }
        var job = JOB.matcher(text.strip());
        if (job.matches()) {
            return new ProjectSource.OfJob(new JobId(job.group(1)));
        }
        if (text.strip().startsWith("s3://") || text.strip().startsWith("git+")) {
            return new ProjectSource.Remote(text.strip());
        }
        throw new ApiProblem(
                ProblemType.MISSING_PART,
                "The part 'project' is text, but neither sha256:<64 hex digits>, job:<id>, s3://bucket/key nor"
                        + " git+https://host/repository@ref. To send"
                        + " a file with curl, put an @ before its name: -F project=@project.zip");
    }

    private List<ConfigOverlay> configs() {
        List<SentFile> files = sent.files("config");
        List<String> paths = sent.texts("configPath");
        if (!sent.texts("config").isEmpty()) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    "The part 'config' must be a file: -F 'config=@prod.ini;filename=data/data_source.ini'");
        }
        if (!paths.isEmpty() && paths.size() != files.size()) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    "There are " + files.size() + " parts 'config' and " + paths.size()
                            + " fields 'configPath'. Send one path for each file, in the same order, or none.");
        }
        List<ConfigOverlay> configs = new ArrayList<>();
        for (int at = 0; at < files.size(); at++) {
            String path = paths.isEmpty() ? files.get(at).name() : paths.get(at);
            if (path == null || path.isBlank()) {
                throw new ApiProblem(
                        ProblemType.MISSING_PART,
                        "A part 'config' has no file name, so nobody knows where it belongs. Name its path in the"
                                + " project: filename=\"data/data_source.ini\", or a field 'configPath'.");
            }
            configs.add(new ConfigOverlay(path, files.get(at).bytes()));
        }
        return configs;
    }

    /** Laid over the project's root under its own name: a lock is known by it. */
    private Optional<ConfigOverlay> requirements() {
        List<SentFile> files = sent.files(REQUIREMENTS_FILE);
        if (files.isEmpty()) {
            return Optional.empty();
        }
        if (files.size() > 1 || !sent.texts("requirements").isEmpty()) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    "Requirements were sent more than once. Name a file of the project as 'requirements', or send one"
                            + " as 'requirementsFile'.");
        }
        String name = files.get(0).name();
        String plain = name == null ? "" : name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return Optional.of(new ConfigOverlay(
                "./" + (plain.isBlank() ? "requirements.txt" : plain),
                files.get(0).bytes()));
    }

    private @Nullable HeldBytes environment() {
        List<SentFile> files = sent.files(ENVIRONMENT);
        if (files.isEmpty()) {
            return null;
        }
        if (files.size() > 1 || !sent.texts(ENVIRONMENT).isEmpty()) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    "The part 'pythonEnvironment' was sent more than once. A job has one environment: a file, or the"
                            + " URI of one.");
        }
        return files.get(0).bytes();
    }

    private @Nullable String spec() {
        List<String> texts = sent.texts("spec");
        if (texts.size() > 1) {
            throw new ApiProblem(ProblemType.MISSING_PART, "The part 'spec' was sent more than once.");
        }
        return texts.isEmpty() ? null : texts.get(0);
    }

    private static @Nullable String idempotencyKey(HttpServletRequest request) {
        String key = request.getHeader(IDEMPOTENCY_KEY);
        if (key != null && !KEY.matcher(key).matches()) {
            throw new ApiProblem(
                    ProblemType.INVALID_IDEMPOTENCY_KEY,
                    "An Idempotency-Key is 1 to 200 printable ASCII characters without blanks.");
        }
        return key;
    }
}
