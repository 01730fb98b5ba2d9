package io.slipway;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of our scripts as its user starts it, with all that it prints. */
final class ScriptProcess implements AutoCloseable {

    private final Process process;
    private final Path out;
    private final Path err;

    private ScriptProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** @param environment is laid over that of the test; an empty value takes a variable away */
    static ScriptProcess start(Path where, Map<String, String> environment, List<String> command) throws IOException {
        Path out = Files.createTempFile(where, "script", ".out");
        Path err = Files.createTempFile(where, "script", ".err");
        ProcessBuilder script = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        script.environment().keySet().removeIf(name -> name.matches("(SLIPWAY|SPARK|GITHUB|CI|MAVEN)_.*|BUILD_TAG"));
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                script.environment().remove(name);
            } else {
                script.environment().put(name, value);
            }
        });
        return new ScriptProcess(script.start(), out, err);
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void awaitPrinted(String text) {
        await().atMost(Duration.ofMinutes(3)).until(() -> {
            if ((out() + err()).contains(text)) {
                return true;
            }
            if (!process.isAlive()) {
                throw new AssertionError("it ended without saying '" + text + "': " + out() + err());
            }
            return false;
        });
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(4, TimeUnit.MINUTES)) {
            throw new AssertionError("it does not end: " + out() + err());
        }
        return process.exitValue();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGINT, as Ctrl-C sends it. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** SIGKILL, for it and for what it started, as a CI machine that goes away. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        kill();
    }
}
