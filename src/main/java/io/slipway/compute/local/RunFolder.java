package io.slipway.compute.local;

import io.slipway.compute.LogStream;
import io.slipway.compute.RunStream;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** All that this machine knows of one run; {@code supervisor.py} tells what each file means and writes most of them. */
record RunFolder(Path path) {

    private static final FileAttribute<?> OURS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final String BY_SPARK = "by-spark";

    /** Closing any descriptor of a file drops all locks of the JVM on it, and two threads may not ask for one at once. */
    private static final Object ONE_PROBE_AT_A_TIME = new Object();

    static RunFolder of(Path runs, SubmissionKey submissionKey) {
        return new RunFolder(runs.resolve(submissionKey.value()));
    }

    void create() throws IOException {
        Files.createDirectories(path, OURS_ALONE);
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    /** The working folder of the project, for as long as it runs. */
    Path project() {
        return path.resolve("project");
    }

    Path home() {
        return path.resolve("home");
    }

    /** The supervisor's own words. */
    Path journal() {
        return path.resolve("supervisor.log");
    }

    /** Some supervisor has taken the run: from here on nobody else ever will. */
    boolean isStarted() {
        return Files.exists(path.resolve("started"));
    }

    /** Whether the supervisor that made the marker lives; means nothing before {@link #isStarted()}. */
    boolean isSupervised() throws IOException {
        synchronized (ONE_PROBE_AT_A_TIME) {
            try (FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.READ);
                    FileLock free = lock.tryLock(0, Long.MAX_VALUE, true)) {
                return free == null;
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    /** The process id of the supervisor that took the run. */
    @Nullable
    String supervisor() throws IOException {
        return text("started").filter(pid -> !pid.isBlank()).orElse(null);
    }

    /** When the project's process began; empty before that. */
    Optional<Instant> runningSince() throws IOException {
        return json("process.json", ProjectProcess.class).map(ProjectProcess::startedAt);
    }

    Optional<RunStatus> status() throws IOException {
        return json("status.json", RunStatus.class);
    }

    /** Leaves the wish where the supervisor sees it, now or when it comes. */
    void requestCancel() throws IOException {
        try {
            Files.createFile(path.resolve("cancel"));
        } catch (FileAlreadyExistsException e) {
            // The wish is there already.
        }
    }

    /** Leaves word, before the start, of who writes the files of the run: Spark, or the program itself. */
    void startsBySpark(boolean spark) throws IOException {
        if (spark && !isBySpark()) {
            Files.createFile(path.resolve(BY_SPARK));
        } else if (!spark) {
            Files.deleteIfExists(path.resolve(BY_SPARK));
        }
    }

    private boolean isBySpark() {
        return Files.exists(path.resolve(BY_SPARK));
    }

    /** Spark joins both of the program's streams, and its own JVM logs to stderr. */
    List<RunStream> streams() {
        Path out = path.resolve("stdout");
        Path err = path.resolve("stderr");
        return isBySpark()
                ? List.of(
                        new FileStream(LogStream.STDOUT, RunStream.HOLDS_BOTH, out),
                        new FileStream(LogStream.SPARK, null, err))
                : List.of(new FileStream(LogStream.STDOUT, null, out), new FileStream(LogStream.STDERR, null, err));
    }

    /** The last line of the supervisor's journal: why it could not start. */
    String lastWord() throws IOException {
        return text("supervisor.log")
                .flatMap(all -> all.lines().reduce((earlier, later) -> later))
                .orElse("its supervisor said nothing");
    }

    private <T> Optional<T> json(String name, Class<T> type) throws IOException {
        Optional<String> content = text(name);
        try {
            return content.map(json -> JsonMapper.shared().readValue(json, type));
        } catch (JacksonException e) {
            throw new IOException(path.resolve(name) + " cannot be read", e);
        }
    }

    private Optional<String> text(String name) throws IOException {
        try {
            return Optional.of(new String(Files.readAllBytes(path.resolve(name)), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private record ProjectProcess(Instant startedAt) {}
}
