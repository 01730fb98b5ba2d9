package io.slipway.environments.local;

import io.slipway.environments.BuilderCode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Calls {@code environment.py}: for what there is, and to leave a process that builds and belongs to nobody. */
final class BuilderProgram {

    private static final String NAME = BuilderCode.ENVIRONMENT;
    private static final long PATIENCE = 30;

    private final String python;
    private final Map<String, String> environment;
    private final byte[] content;

    /** @param environment of the service */
    BuilderProgram(String python, Map<String, String> environment) {
        this.python = python;
        this.environment = environment;
        this.content = BuilderCode.read(NAME);
    }

    /** Whether runs on this machine have the same Python as this program. */
    boolean isPythonOfRuns() {
        return !environment.containsKey("PYSPARK_PYTHON") && !environment.containsKey("PYSPARK_DRIVER_PYTHON");
    }

    /** Names this version of the program. */
    String version() {
        return BuilderCode.version(content);
    }

    /** @return what it printed */
    String ask(String verb, Path folder, String question) throws IOException {
        Files.createDirectories(folder);
        Path answer = Files.createTempFile(folder, "answer-", ".json");
        try {
            int status = run(folder, List.of(verb), question, Redirect.to(answer.toFile()));
            if (status != 0) {
                throw new IOException(python + " could not be asked what it builds with: exit status " + status);
            }
            return Files.readString(answer);
        } finally {
            Files.deleteIfExists(answer);
        }
    }

    /** Answers when the build is taken, by this call or by an earlier one. */
    void start(Path folder, String logins) throws IOException {
        int status = run(folder, List.of("start", folder.toString()), logins, Redirect.DISCARD);
        if (status != 0) {
            throw new IOException("the builder in " + folder + " did not start: exit status " + status);
        }
    }

    /** The input is a file that is gone as soon as it is open, since it can hold a password. */
    private int run(Path folder, List<String> words, String input, Redirect output) throws IOException {
        Path program = program(folder);
        Path stdin = Files.createTempFile(folder, "input-", ".json");
        Process process;
        try {
            Files.writeString(stdin, input);
            List<String> command = new ArrayList<>(List.of(python, "-X", "utf8", program.toString()));
            command.addAll(words);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(Redirect.from(stdin.toFile()))
                    .redirectOutput(output)
                    .redirectError(Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(passed());
            process = builder.start();
        } finally {
            Files.deleteIfExists(stdin);
        }
        return ended(process);
    }

    /** Not the service's own secrets: the build of a source distribution could read them. */
    private Map<String, String> passed() {
        Map<String, String> passed = new java.util.HashMap<>(environment);
        passed.keySet()
                .removeIf(name ->
                        !name.matches("PATH|HOME|LANG|LC_[A-Z]+|TZ|SPARK_HOME|(?i:https?_proxy|no_proxy)|SSL_CERT_FILE"
                                + "|REQUESTS_CA_BUNDLE|PIP_[A-Z_]+"));
        return passed;
    }

    private static int ended(Process process) throws IOException {
        try {
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                throw new IOException("the builder did not answer within " + PATIENCE + " s");
            }
            return process.exitValue();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("the service is stopping", stop);
        } finally {
            process.destroyForcibly();
        }
    }

    private Path program(Path folder) throws IOException {
        Path program = folder.resolve(NAME);
        if (!Files.exists(program)
                || !new String(Files.readAllBytes(program), StandardCharsets.UTF_8)
                        .equals(new String(content, StandardCharsets.UTF_8))) {
            Path copy = Files.createTempFile(folder, "program-", ".tmp");
            Files.write(copy, content);
            Files.move(copy, program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return program;
    }
}
