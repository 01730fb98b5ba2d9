package io.slipway.project.analysis;

import io.slipway.project.DriverHost;
import io.slipway.project.Finding;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Python's own syntax tree says of a project's sources. They are read by python3 in isolated mode and never run: a program of ours
 * gets them as files in a folder that is removed afterwards.
 *
 * @param python the interpreter, a path or a name on the PATH
 * @param timeout longest time for one project, and longest wait for a place
 * @param places one for each that may run at once: each is a process that may take a gigabyte
 */
public record SourceAnalysis(String python, Duration timeout, Semaphore places) {

    /** The first is the one that is started. */
    private static final List<String> PROGRAM = List.of("analyser.py", "reach.py", "spark_paths.py");

    private static final List<String> CONFIGS =
            List.of(".ini", ".cfg", ".conf", ".properties", ".toml", ".yml", ".yaml", ".json", ".env");

    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final long MAX_BYTES = 32L << 20;
    private static final int MAX_FILES = 5_000;
    private static final int MAX_OUTPUT_BYTES = 1 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** One at a time. */
    public SourceAnalysis(String python, Duration timeout) {
        this(python, timeout, new Semaphore(1, true));
    }

    /**
     * @param host what the driver will run in
     * @param workFolder must exist; nothing is left in it
     * @throws InspectionsBusy when no place becomes free
     */
    public List<Finding> of(ProjectArchive project, LaunchPlan plan, DriverHost host, Path workFolder)
            throws IOException {
        InspectionsBusy.take(places, timeout);
        try {
            return analysed(project, plan, host, workFolder);
        } finally {
            places.release();
        }
    }

    private List<Finding> analysed(ProjectArchive project, LaunchPlan plan, DriverHost host, Path workFolder)
            throws IOException {
        Path folder = Files.createTempDirectory(workFolder, "analysis-");
        try {
            Path sources = Files.createDirectory(folder.resolve("sources"));
            List<Finding> findings = new ArrayList<>(extract(project, sources, entryFile(plan, project)));
            findings.addAll(analyse(folder, sources, plan, host, project));
            return findings;
        } finally {
            remove(folder);
        }
    }

    private static List<Finding> extract(ProjectArchive project, Path sources, String entry) throws IOException {
        List<ProjectFile> files = looked(project.files(), entry);
        long left = MAX_BYTES;
        boolean leftOut = files.size() > MAX_FILES;
        try (ProjectArchive.Reader reader = project.new Reader()) {
            for (ProjectFile file : files.subList(0, Math.min(files.size(), MAX_FILES))) {
                // A module that is not looked into is still one that can be imported: its name has to be there.
                boolean read = !isCompiled(file.path()) && file.size() <= MAX_FILE_BYTES && file.size() <= left;
                leftOut |= isSource(file.path()) && !read;
                left -= read ? file.size() : 0;
                write(sources, file.path(), read ? reader.open(file.path()) : null);
            }
        }
        return leftOut
                ? List.of(Finding.warning(
                        "analysis-limited",
                        null,
                        "Only the first %,d files, and sources up to 1 MB each and 32 MB together, were looked at."
                                .formatted(MAX_FILES),
                        "Look at the others yourself."))
                : List.of();
    }

    /**
     * Those that tell something, the entry point first: data, however much there is of it, takes nobody's place. Never more than one
     * above {@link #MAX_FILES}.
     */
    private static List<ProjectFile> looked(List<ProjectFile> files, String entry) {
        return Stream.<Predicate<ProjectFile>>of(
                        file -> file.path().equals(entry),
                        file -> isSource(file.path()) && !file.path().equals(entry),
                        file -> isOther(file.path()) && !file.path().equals(entry))
                .flatMap(kind -> files.stream().filter(kind))
                .limit(MAX_FILES + 1)
                .toList();
    }

    private static boolean isOther(String path) {
        return isCompiled(path) || CONFIGS.stream().anyMatch(path::endsWith);
    }

    private static boolean isSource(String path) {
        return path.endsWith(".py");
    }

    private static boolean isCompiled(String path) {
        return path.endsWith(".so") || path.endsWith(".pyd");
    }

    private static void write(Path sources, String path, @Nullable InputStream content) throws IOException {
        Path file = sources.resolve(path).normalize();
        if (!file.startsWith(sources)) {
            throw new IllegalStateException("a checked project holds " + path);
        }
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (InputStream bytes = content == null ? InputStream.nullInputStream() : content) {
            Files.copy(bytes, file);
        }
    }

    private List<Finding> analyse(Path folder, Path sources, LaunchPlan plan, DriverHost host, ProjectArchive project)
            throws IOException {
        Path program = program(folder);
        List<String> command =
                new ArrayList<>(List.of(python, "-I", "-S", "-B", program.toString(), sources.toString()));
        command.add(entryFile(plan, project));
        WheelModules wheels = WheelModules.of(project, plan.launch().python().path(), folder);
        command.add(String.join(",", wheels.modules()));
        command.add(host.name());
        command.add(plan.launch().layout().name());
        command.addAll(plan.launch().python().path());
        Path output = folder.resolve("findings");
        Optional<String> failure = run(command, folder, output);
        List<Finding> findings = read(output);
        findings.addAll(wheels.findings());
        failure.ifPresent(why -> findings.add(Finding.warning(
                "not-analysed",
                null,
                "The sources were not looked at to their end: " + why,
                "Look at them yourself.")));
        return findings;
    }

    private static Path program(Path folder) throws IOException {
        Path program = Files.createDirectory(folder.resolve("program"));
        for (String name : PROGRAM) {
            try (InputStream resource = SourceAnalysis.class.getResourceAsStream(name)) {
                if (resource == null) {
                    throw new IllegalStateException(name + " is missing from the jar");
                }
                Files.copy(resource, program.resolve(name));
            }
        }
        return program.resolve(PROGRAM.get(0));
    }

    private static String entryFile(LaunchPlan plan, ProjectArchive project) {
        return plan.entry().files(plan.launch().python().path()).stream()
                .filter(project.files()::hasFile)
                .findFirst()
                .orElse(plan.entryPoint());
    }

    private Optional<String> run(List<String> command, Path folder, Path output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        String path = environment.get("PATH");
        environment.clear();
        environment.put("PYTHONIOENCODING", "utf-8");
        environment.put("LC_ALL", "C.UTF-8");
        if (path != null) {
            environment.put("PATH", path);
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException absent) {
            return Optional.of("there is no " + python + " on the service's machine.");
        }
        return follow(process, output);
    }

    private Optional<String> follow(Process process, Path output) throws IOException {
        process.getOutputStream().close();
        Thread copy = new Thread(() -> copy(process.getInputStream(), output), "source-analysis");
        copy.setDaemon(true);
        copy.start();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.of("it took longer than " + timeout.toSeconds() + " s.");
            }
            copy.join(timeout.toMillis());
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of("the analysis ended with " + process.exitValue() + ".");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.of("the service is stopping.");
        } finally {
            process.destroyForcibly();
            joined(copy);
        }
    }

    /** The folder is removed next: nobody may write into it any more. */
    private static void joined(Thread copy) {
        try {
            copy.join(1_000);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(InputStream from, Path to) {
        try (InputStream in = from;
                OutputStream out = Files.newOutputStream(to)) {
            out.write(in.readNBytes(MAX_OUTPUT_BYTES));
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException ended) {
            // The process was ended: what it printed until then is there.
        }
    }

    private static List<Finding> read(Path output) throws IOException {
        List<Finding> findings = new ArrayList<>();
        if (!Files.exists(output)) {
            return findings;
        }
        for (String line : Files.readString(output).split("\n")) {
            try {
                if (!line.isBlank()) {
                    findings.add(JSON.readValue(line, Finding.class));
                }
            } catch (JacksonException cutOff) {
                break;
            }
        }
        return findings;
    }

    private static void remove(Path folder) throws IOException {
        try (var tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
