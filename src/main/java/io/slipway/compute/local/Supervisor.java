package io.slipway.compute.local;

import io.slipway.compute.ResultLimits;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Calls {@code supervisor.py}, which leaves a process that belongs to nobody and answers at once. */
final class Supervisor {

    /** Answers of the program; it also ends otherwise, when it does not work at all on this machine. */
    static final int DONE = 0;

    static final int NOT_NOW = 75;

    private static final String PROGRAM = "supervisor.py";

    private final Map<String, String> environment;
    private final Duration patience;

    Supervisor(Map<String, String> environment, Duration patience) {
        this.environment = environment;
        this.patience = patience;
    }

    /**
     * @param command of the project, as its words
     * @param unpacked the folder that holds the project's files
     * @param results {@code null} when nothing is
     * @param progress the program that tells how far Spark is; {@code null} where there is no Spark
     */
    record Order(
            List<String> command,
            Map<String, String> environment,
            String unpacked,
            double graceSeconds,
            @Nullable Results results,
            @Nullable String progress) {}

    /**
     * What of the working folder is kept.
     *
     * @param patterns of paths
     */
    record Results(List<String> patterns, int files, long bytes, long seconds) {

        static @Nullable Results of(List<String> patterns, ResultLimits limits) {
            return patterns.isEmpty()
                    ? null
                    : new Results(
                            patterns,
                            limits.files(),
                            limits.size().toBytes(),
                            limits.time().toSeconds());
        }
    }

    /** The exit status of the call; empty when it did not end in time, or was ended, and nothing is known. */
    OptionalInt start(Path python, RunFolder run, Order order) throws IOException {
        // A file, not a pipe: writing it cannot block. It holds the job's secrets, so it is gone as soon as it is open.
        Path file = Files.createTempFile(run.path(), "order-", ".json");
        Process call;
        try {
            Files.write(file, JsonMapper.shared().writeValueAsBytes(order));
            call = call(python, "start", run, Redirect.from(file.toFile()));
        } finally {
            Files.deleteIfExists(file);
        }
        return answer(call);
    }

    /** Ends what a killed supervisor left and writes the run's status down; not {@link #DONE} when that did not work. */
    OptionalInt bury(Path python, RunFolder run) throws IOException {
        return answer(
                call(python, "bury", run, Redirect.from(Path.of("/dev/null").toFile())));
    }

    private Process call(Path python, String verb, RunFolder run, Redirect input) throws IOException {
        Redirect journal = Redirect.appendTo(run.journal().toFile());
        ProcessBuilder builder = new ProcessBuilder(
                        python.toString(),
                        "-I",
                        "-X",
                        "utf8",
                        program(run).toString(),
                        verb,
                        run.path().toString())
                .redirectInput(input)
                .redirectOutput(journal)
                .redirectError(journal);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private OptionalInt answer(Process call) {
        try {
            boolean ended = call.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
            // Above 128 a signal ended the call, and nobody learns of the process that it may have left.
            return ended && call.exitValue() <= 128 ? OptionalInt.of(call.exitValue()) : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /** Each run keeps the program that it was started with: a newer service reads older folders through it. */
    private static Path program(RunFolder run) throws IOException {
        Path program = run.path().resolve(PROGRAM);
        if (Files.exists(program)) {
            return program;
        }
        Path copy = Files.createTempFile(run.path(), "supervisor-", ".tmp");
        try (InputStream source = Supervisor.class.getResourceAsStream(PROGRAM)) {
            if (source == null) {
                throw new IllegalStateException(PROGRAM + " is missing from the jar");
            }
            Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.move(copy, program, StandardCopyOption.ATOMIC_MOVE);
    }
}
