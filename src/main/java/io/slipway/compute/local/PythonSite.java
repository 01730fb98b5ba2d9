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
 * What an interpreter tells about itself.
 *
 * @param executable the interpreter itself, where it was called through a wrapper (pyenv's shims) that relies on the real HOME
 * @param sparkHome the folder of pip's pyspark, which is a whole Spark
 * @param userBase where {@code pip install --user} puts things
 */
record PythonSite(Path executable, Optional<Path> sparkHome, Optional<Path> userBase) {

    private static final int SECONDS = 5;

    // The current folder is taken off the path: a project called pyspark that lies there is not Spark.
    private static final String QUESTION = """
            import importlib.util, site, sys
            sys.path = [p for p in sys.path if p]
            spec = importlib.util.find_spec("pyspark")
            print(list(spec.submodule_search_locations)[0] if spec and spec.submodule_search_locations else "")
            print(site.getuserbase() or "")
            print(sys.executable or "")
            """;

    /** What could not be found out is empty. */
    static PythonSite of(Path python, Map<String, String> environment) {
        ProcessBuilder question = new ProcessBuilder(python.toString(), "-c", QUESTION)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(Redirect.DISCARD);
        question.environment().clear();
        question.environment().putAll(environment);
        try {
            return ask(python, question.start());
        } catch (IOException e) {
            return unknown(python);
        }
    }

    private static PythonSite ask(Path python, Process asked) throws IOException {
        try {
            if (!asked.waitFor(SECONDS, TimeUnit.SECONDS) || asked.exitValue() != 0) {
                return unknown(python);
            }
            List<String> answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return answer.size() == 3 ? read(python, answer) : unknown(python);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown(python);
        } finally {
            asked.destroyForcibly();
        }
    }

    private static PythonSite read(Path python, List<String> answer) {
        Path itself = Path.of(answer.get(2));
        boolean known = itself.isAbsolute() && SearchPath.isProgram(itself);
        return new PythonSite(known ? itself : python, folder(answer.get(0)), folder(answer.get(1)));
    }

    private static PythonSite unknown(Path python) {
        return new PythonSite(python, Optional.empty(), Optional.empty());
    }

    private static Optional<Path> folder(String name) {
        return Optional.of(name).filter(n -> !n.isBlank()).map(Path::of).filter(Files::isDirectory);
    }
}
