package io.slipway.api;

import io.slipway.project.archive.ConfigOverlay;
import io.slipway.submission.Incoming;
import io.slipway.submission.ProjectSource;
import io.slipway.submission.SubmitJob;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** The multipart form of a submission, taken apart. Its files are its own until it is closed. */
final class SubmitForm implements AutoCloseable {

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final String ENVIRONMENT = "pythonEnvironment";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,200}");
    private static final Pattern SHA256 = Pattern.compile("sha256:([0-9a-f]{64})");
    private static final Pattern JOB = Pattern.compile("job:([0-9A-HJKMNP-TV-Z]{26})");
    private static final Set<String> FILES = Set.of("project", "config", ENVIRONMENT);

    private final MultipartHttpServletRequest request;
    private final Incoming incoming;
    private final List<Path> files = new ArrayList<>();

    SubmitForm(MultipartHttpServletRequest request, Incoming incoming) {
        this.request = request;
        this.incoming = incoming;
    }

    SubmitJob command(Caller caller) throws IOException {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, values) -> fields.put(name, Arrays.asList(values)));
        String spec = specJson(fields);
        List<ConfigOverlay> configs = configs(fields);
        ProjectSource project = project(fields);
        fields.keySet().removeAll(Set.of("spec", "project", "configPath"));
        rejectOtherFiles();
        return new SubmitJob(
                caller.owner(), idempotencyKey(request), project, configs, environment(fields), spec, fields);
    }

    private ProjectSource project(Map<String, List<String>> fields) throws IOException {
        List<MultipartFile> sent = request.getFiles("project");
        List<String> named = fields.getOrDefault("project", List.of());
        if (sent.size() + named.size() != 1) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    sent.isEmpty() && named.isEmpty()
                            ? "Send the project as the part 'project': -F project=@project.zip (or .tar.gz, or one .py file;"
                                    + " or the text sha256:<id> or job:<id> of a project that you sent before)."
                            : "The part 'project' was sent more than once. A job has one project; lay files over it with 'config'.");
        }
        return sent.isEmpty() ? stored(named.get(0)) : uploaded(sent.get(0));
    }

    private ProjectSource uploaded(MultipartFile file) throws IOException {
        String name = file.getOriginalFilename();
        return new ProjectSource.Upload(take(file), name == null ? "project" : name);
    }

    private static ProjectSource stored(String text) {
        var project = SHA256.matcher(text.strip());
        if (project.matches()) {
            return new ProjectSource.Stored(project.group(1));
        }
        var job = JOB.matcher(text.strip());
        if (job.matches()) {
            return new ProjectSource.OfJob(job.group(1));
        }
        throw new ApiProblem(
                ProblemType.MISSING_PART,
                "The part 'project' is text, but neither sha256:<64 hex digits> nor job:<id>. To send a file with curl, put an @ before"
                        + " its name: -F project=@project.zip");
    }

    private List<ConfigOverlay> configs(Map<String, List<String>> fields) throws IOException {
        List<MultipartFile> sent = request.getFiles("config");
        List<String> paths = fields.getOrDefault("configPath", List.of());
        if (fields.containsKey("config")) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    "The part 'config' must be a file: -F 'config=@prod.ini;filename=data/data_source.ini'");
        }
        if (!paths.isEmpty() && paths.size() != sent.size()) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    "There are " + sent.size() + " parts 'config' and " + paths.size()
                            + " fields 'configPath'. Send one path for each file, in the same order, or none.");
        }
        List<ConfigOverlay> configs = new ArrayList<>();
        for (int at = 0; at < sent.size(); at++) {
            MultipartFile file = sent.get(at);
            String path = paths.isEmpty() ? String.valueOf(file.getOriginalFilename()) : paths.get(at);
            configs.add(new ConfigOverlay(path, take(file)));
        }
        return configs;
    }

    private @Nullable Path environment(Map<String, List<String>> fields) throws IOException {
        List<MultipartFile> sent = request.getFiles(ENVIRONMENT);
        if (sent.isEmpty()) {
            return null;
        }
        if (sent.size() > 1 || fields.containsKey(ENVIRONMENT)) {
            throw new ApiProblem(
                    ProblemType.MISSING_PART,
                    "The part 'pythonEnvironment' was sent more than once. A job has one environment: a file, or the URI of one.");
        }
        return take(sent.get(0));
    }

    private @Nullable String specJson(Map<String, List<String>> fields) throws IOException {
        List<MultipartFile> sent = request.getFiles("spec");
        List<String> texts = fields.getOrDefault("spec", List.of());
        if (sent.size() + texts.size() > 1) {
            throw new ApiProblem(ProblemType.MISSING_PART, "The part 'spec' was sent more than once.");
        }
        if (!sent.isEmpty()) {
            return new String(sent.get(0).getBytes(), StandardCharsets.UTF_8);
        }
        return texts.isEmpty() ? null : texts.get(0);
    }

    private void rejectOtherFiles() {
        request.getFileMap().keySet().stream()
                .filter(name -> !FILES.contains(name) && !name.equals("spec"))
                .findFirst()
                .ifPresent(name -> {
                    throw new ApiProblem(
                            ProblemType.MISSING_PART,
                            "There is no file part '" + name
                                    + "'. Files are sent as 'project', 'config' or 'pythonEnvironment'.");
                });
    }

    /** A rename, not a copy: the part lies in the same folder. */
    private Path take(MultipartFile file) throws IOException {
        Path own = Files.createTempFile(incoming.folder(), "part-", null);
        files.add(own);
        file.transferTo(own);
        return own;
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

    @Override
    public void close() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
