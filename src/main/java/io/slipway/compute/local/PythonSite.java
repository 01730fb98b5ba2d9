package io.slipway.compute.local;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where an interpreter finds packages that its user installed.
 *
 * @param sparkHome the folder of pip's pyspark, which is a whole Spark
 * @param userBase where {@code pip install --user} puts things
 */
record PythonSite(Optional<Path> sparkHome, Optional<Path> userBase) {

    private static final PythonSite UNKNOWN = new PythonSite(Optional.empty(), Optional.empty());
    private static final int SECONDS = 5;

    // The current folder is taken off the path: a project called pyspark that lies there is not Spark.
    private static final String QUESTION = """
            import importlib.util, site, sys
            sys.path = [p for p in sys.path if p]
            spec = importlib.util.find_spec("pyspark")
            print(list(spec.submodule_search_locations)[0] if spec and spec.submodule_search_locations else "")
            print(site.getuserbase() or "")
            """;

    /** What could not be found out is empty. */
    static PythonSite of(Path python, Map<String, String> environment) {
        ProcessBuilder question = new ProcessBuilder(python.toString(), "-c", QUESTION)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(Redirect.DISCARD);
        question.environment().clear();
        question.environment().putAll(environment);
        try {
            return ask(question.start());
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static PythonSite ask(Process asked) throws IOException {
        try {
            if (!asked.waitFor(SECONDS, TimeUnit.SECONDS) || asked.exitValue() != 0) {
                return UNKNOWN;
            }
            List<String> answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return answer.size() == 2 ? new PythonSite(folder(answer.get(0)), folder(answer.get(1))) : UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        } finally {
            asked.destroyForcibly();
        }
    }

    private static Optional<Path> folder(String name) {
        return Optional.of(name).filter(n -> !n.isBlank()).map(Path::of).filter(Files::isDirectory);
    }
}
