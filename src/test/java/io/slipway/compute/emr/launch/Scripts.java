package io.slipway.compute.emr.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the machine's own python3 and bash for tests, in an environment that a test decides, and bound by the permissions of files: a root
 * user gives up what lets it write everywhere.
 */
final class Scripts {

    private static final List<String> LIKE_ANYBODY = likeAnybody();

    private final Path outputs;

    Scripts(Path outputs) {
        this.outputs = outputs;
    }

    record Ended(int status, String out, String err) {
        List<String> lines() {
            assertThat(err).isEmpty();
            assertThat(status).isZero();
            return out.lines().toList();
        }
    }

    Ended run(Path folder, Map<String, String> environment, List<String> command) throws Exception {
        Path out = Files.createTempFile(outputs, "out", null);
        Path err = Files.createTempFile(outputs, "err", null);
        Process process = start(folder, environment, command, out, err);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    Process start(Path folder, Map<String, String> environment, List<String> command, Path out, Path err)
            throws IOException {
        List<String> words = new ArrayList<>(LIKE_ANYBODY);
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PYTHON"));
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Whether a read-only file is one to the programs that are run here. */
    static boolean respectPermissions() {
        return !isRoot() || !LIKE_ANYBODY.isEmpty();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> likeAnybody() {
        List<String> words = List.of("/usr/bin/setpriv", "--bounding-set=-all");
        if (!isRoot()) {
            return List.of();
        }
        try {
            Process process = new ProcessBuilder(words.get(0), words.get(1), "/bin/true").start();
            return process.waitFor() == 0 ? words : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Workers unpickle with what PySpark has inside. */
    boolean haveCloudpickle() throws Exception {
        return run(outputs, Map.of(), List.of("python3", "-c", "import cloudpickle"))
                        .status()
                == 0;
    }

    /** The interpreter itself: what is called python3 may be a wrapper that changes the PATH. */
    String python() throws Exception {
        return run(outputs, Map.of(), List.of("python3", "-c", "import sys; print(sys.executable)"))
                .out()
                .strip();
    }

    static void program(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
