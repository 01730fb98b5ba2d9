package io.slipway.compute.local;

import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.ArtifactName;
import io.slipway.compute.ClusterKind;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.RunOrder;
import io.slipway.compute.Turns;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.ArtifactId;
import io.slipway.project.LaunchPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** A home folder on this machine with real processes: what a service on it would see and send. */
final class LocalMachine implements AutoCloseable {

    private static final Duration GRACE = Duration.ofMillis(700);

    private final Path home;
    private final Map<String, String> service = new HashMap<>();
    private final AtomicInteger made = new AtomicInteger();

    LocalMachine(Path home) {
        this.home = home;
        service.put("PATH", programs().toString());
        service.put("HOME", home.resolve("real-home").toString());
    }

    /** A PATH with a Python that sees no installed packages, so that a Spark of the machine that tests does not take part. */
    private Path programs() {
        SearchPath path = new SearchPath(System.getenv("PATH"));
        try {
            Path sleep = home.resolve("programs/bin/sleep");
            Path python = PythonSite.of(path.find("python3").orElseThrow(), System.getenv())
                    .executable();
            program("bin/python3", "#!/bin/sh", "exec '" + python + "' -S \"$@\"");
            Files.createSymbolicLink(sleep, path.find("sleep").orElseThrow());
            return sleep.getParent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another start of the service on the same folders. */
    LocalCompute service() {
        return service(ResultLimits.DEFAULT);
    }

    LocalCompute service(ResultLimits limits) {
        return service(new LocalSettings("python3", List.of(), GRACE, Duration.ofSeconds(30)), limits);
    }

    LocalCompute service(LocalSettings settings) {
        return service(settings, ResultLimits.DEFAULT);
    }

    private LocalCompute service(LocalSettings settings, ResultLimits limits) {
        ClusterTraits target = new ClusterTraits("local", ClusterKind.LOCAL, 2, Duration.ZERO, Duration.ZERO, Set.of());
        return new LocalCompute(
                target,
                settings,
                limits,
                service,
                runs(),
                runs().resolveSibling("environments"),
                store(),
                Clock.systemUTC());
    }

    void setVariable(String name, String value) {
        service.put(name, value);
    }

    Path runs() {
        return home.resolve("runs");
    }

    Path run(RunOrder order) {
        return runs().resolve(order.run().submissionKey().value());
    }

    FolderOfArtifacts store() {
        return new FolderOfArtifacts(home.resolve("artifacts"));
    }

    RunOrder order(Map<String, String> files, String entryPoint, String... arguments) {
        return order(new LaunchPlan(store(files), entryPoint, List.of(arguments), Map.of(), Map.of()));
    }

    RunOrder script(String... lines) {
        return order(Map.of("main.py", String.join("\n", lines) + "\n"), "main.py");
    }

    RunOrder order(LaunchPlan plan) {
        String key = "job" + made.incrementAndGet() + "-1";
        return new RunOrder(new RunRef(new SubmissionKey(key), null, Instant.now()), "a job", plan);
    }

    /** @return the project's id; names that end in {@code .sh} are executable, in {@code .link} are links to their content */
    ArtifactId store(Map<String, String> files) {
        ArtifactId id = new ArtifactId("%064x".formatted(made.incrementAndGet()));
        try {
            store().put(ArtifactName.project(id), zip(files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return id;
    }

    Path program(String name, String... lines) throws IOException {
        Path file = home.resolve("programs").resolve(name).toAbsolutePath();
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** Ends what still runs: a supervisor that tidies up while the home folder is removed would make that fail. */
    @Override
    public void close() throws IOException {
        if (!Files.isDirectory(runs())) {
            return;
        }
        List<RunRef> all;
        try (Stream<Path> folders = Files.list(runs())) {
            all = folders.filter(Files::isDirectory)
                    .map(folder -> new SubmissionKey(folder.getFileName().toString()))
                    .map(key -> new RunRef(key, null, Instant.now()))
                    .toList();
        }
        LocalCompute compute = service();
        compute.executor().cancel(all);
        await().atMost(Duration.ofSeconds(30)).until(() -> all.stream().allMatch(run -> isOver(compute, run)));
    }

    private boolean isOver(LocalCompute compute, RunRef run) {
        RunReport report = Turns.observe(compute, List.of(run)).get(0);
        boolean ended = report.phase() == RunReport.Phase.ABSENT || report.endedAt() != null;
        try {
            return ended && !RunFolder.of(runs(), run.submissionKey()).isSupervised();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> filesOf(Path folder) throws IOException {
        Map<String, String> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }

    private static int modeOf(String name) {
        if (name.endsWith(".link")) {
            return 0120777;
        }
        return name.endsWith(".sh") ? 0100755 : 0100644;
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
                entry.setUnixMode(modeOf(file.getKey()));
                zip.putArchiveEntry(entry);
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
