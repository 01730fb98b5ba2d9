package io.slipway.project.analysis;

import io.slipway.project.ClusterPython;
import io.slipway.project.DriverHost;
import io.slipway.project.Finding;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
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
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
 * @param timeout longest time for one project, and longest wait for a slot
 * @param slots one for each that may run at once: each is a process that may take a gigabyte
 */
public record SourceAnalysis(String python, Duration timeout, Semaphore slots) {

    /** The first is the one that is started. */
    private static final List<String> PROGRAM = List.of(
            "analyser.py",
            "configs.py",
            "distributions.py",
            "modules.py",
            "reach.py",
            "reader.py",
            "source.py",
            "spark_paths.py",
            "versions.py");

    private static final String REQUEST = "request.json";
    private static final int MAX_OUTPUT_BYTES = 1 << 20;

    /** Files that the entry point does not reach decide nothing: a part of the whole time, and never more seconds than these. */
    private static final double SECONDS_FOR_OTHERS = 3;

    private static final Set<String> HAND_FILES_ROUND =
            Set.of("spark.files", "spark.archives", "spark.yarn.dist.files", "spark.yarn.dist.archives");

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** One at a time. */
    public SourceAnalysis(String python, Duration timeout) {
        this(python, timeout, new Semaphore(1, true));
    }

    /** As the other, where nobody knows which Python the program gets. */
    public List<Finding> of(ProjectArchive project, LaunchPlan plan, DriverHost host, Path workFolder)
            throws IOException {
        return of(project, plan, host, null, InstalledPackages.NONE, workFolder);
    }

    /**
     * @param host what the driver will run in
     * @param python that will read the program; {@code null} when nobody knows
     * @param packages that the program finds beside its project
     * @param workFolder must exist; nothing is left in it
     * @throws InspectionsBusy when no slot becomes free
     */
    public List<Finding> of(
            ProjectArchive project,
            LaunchPlan plan,
            DriverHost host,
            @Nullable ClusterPython python,
            InstalledPackages packages,
            Path workFolder)
            throws IOException {
        if (plan.entry().isJar()) {
            // There is no source to read.
            return List.of();
        }
        InspectionsBusy.take(slots, timeout);
        try {
            return analysed(project, plan, host, python, packages, workFolder);
        } finally {
            slots.release();
        }
    }

    private List<Finding> analysed(
            ProjectArchive project,
            LaunchPlan plan,
            DriverHost host,
            @Nullable ClusterPython clusterPython,
            InstalledPackages packages,
            Path workFolder)
            throws IOException {
        Path folder = Files.createTempDirectory(workFolder, "analysis-");
        try {
            Path sources = Files.createDirectory(folder.resolve("sources"));
            String entry = entryFile(plan, project);
            ExtractedSources extracted = ExtractedSources.of(project, entry, sources);
            WheelModules wheels =
                    WheelModules.of(project, plan.launch().python().path(), folder);
            AnalysisRequest request = request(plan, host, clusterPython, packages, sources, entry, extracted, wheels);
            Files.write(folder.resolve(REQUEST), JSON.writeValueAsBytes(request));
            List<Finding> findings = new ArrayList<>(extracted.limits());
            findings.addAll(analyse(folder));
            findings.addAll(wheels.findings());
            return findings;
        } finally {
            remove(folder);
        }
    }

    private AnalysisRequest request(
            LaunchPlan plan,
            DriverHost host,
            @Nullable ClusterPython clusterPython,
            InstalledPackages packages,
            Path sources,
            String entry,
            ExtractedSources extracted,
            WheelModules wheels) {
        return new AnalysisRequest(
                sources.toString(),
                entry,
                plan.entry().isModule(),
                extracted.files(),
                extracted.data(),
                List.copyOf(wheels.modules()),
                host.name(),
                plan.launch().layout().name(),
                plan.launch().python().path(),
                packages.unknown() || bringsPackages(plan.launch()),
                packages.required(),
                packages.onCluster(),
                handedRound(plan),
                clusterPython == null
                        ? null
                        : new AnalysisRequest.Python(
                                List.of(clusterPython.major(), clusterPython.minor()),
                                clusterPython.origin(),
                                clusterPython.wayOut()),
                Math.min(SECONDS_FOR_OTHERS, timeout.toMillis() / 5_000.0));
    }

    private static boolean bringsPackages(Launch launch) {
        return launch.python().environment() != null || launch.container() != null;
    }

    /** Under the names that the program has for them. */
    public static List<String> handedRound(LaunchPlan plan) {
        return plan.sparkConf().entrySet().stream()
                .filter(setting -> HAND_FILES_ROUND.contains(setting.getKey()))
                .flatMap(setting -> Stream.of(setting.getValue().split(",")))
                .map(path -> path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('#')) + 1)
                        .strip())
                .toList();
    }

    private List<Finding> analyse(Path folder) throws IOException {
        List<String> command = List.of(
                python,
                "-I",
                "-S",
                "-B",
                program(folder).toString(),
                folder.resolve(REQUEST).toString());
        Path output = folder.resolve("findings");
        Optional<String> failure = run(command, folder, output);
        List<Finding> findings = read(output);
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
                .orElse("");
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
