package io.slipway.compute.local;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks for what this machine has to start projects with: Spark where there is one, else Python alone. */
final class Launchers {

    /** So long an answer holds: whoever installs Spark does not have to restart the service. */
    private static final Duration HOLDS = Duration.ofMinutes(1);

    private final String python;
    private final Map<String, String> service;
    private final Clock clock;
    private @Nullable Launcher last;
    private Instant lookAgain = Instant.MIN;

    /** @param service the environment of the service */
    Launchers(String python, Map<String, String> service, Clock clock) {
        this.python = python;
        this.service = service;
        this.clock = clock;
    }

    synchronized Launcher find() throws CannotRun {
        Launcher known = last;
        if (known == null || clock.instant().isAfter(lookAgain)) {
            known = look();
            last = known;
            lookAgain = clock.instant().plus(HOLDS);
        }
        return known;
    }

    /** What was found last, without looking again. */
    synchronized Launcher lastFound() throws CannotRun {
        Launcher known = last;
        return known == null ? find() : known;
    }

    private Launcher look() throws CannotRun {
        SearchPath path = new SearchPath(service.get("PATH"));
        Path found = path.find(python)
                .orElseThrow(() -> new CannotRun(
                        "No " + python + " was found on this machine: install Python 3, or set"
                                + " slipway.compute.local.python.",
                        null));
        PythonSite site = PythonSite.of(found, service);
        Path interpreter = site.executable();
        Map<String, String> environment = environment(interpreter, site);
        Optional<Path> ofHome = Optional.ofNullable(service.get("SPARK_HOME"))
                .map(home -> Path.of(home, "bin", "spark-submit").toAbsolutePath())
                .filter(SearchPath::isProgram);
        if (ofHome.isPresent()) {
            return spark(interpreter, ofHome.get(), environment, "SPARK_HOME");
        }
        Optional<Path> ofPath = path.find("spark-submit");
        if (ofPath.isPresent()) {
            return spark(interpreter, ofPath.get(), environment, "PATH");
        }
        Optional<Path> ofPip = site.sparkHome().filter(home -> SearchPath.isProgram(home.resolve("bin/spark-submit")));
        if (ofPip.isPresent()) {
            environment.put("SPARK_HOME", ofPip.get().toString());
            return spark(interpreter, ofPip.get().resolve("bin/spark-submit"), environment, "pyspark");
        }
        return new Launcher(
                interpreter,
                null,
                environment,
                interpreter + ": no spark-submit was found (SPARK_HOME, PATH, pyspark)");
    }

    /** HOME is another folder for a run: packages that were installed under the real one are found through these. */
    private Map<String, String> environment(Path interpreter, PythonSite site) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PYSPARK_PYTHON", service.getOrDefault("PYSPARK_PYTHON", interpreter.toString()));
        site.userBase().ifPresent(base -> environment.put("PYTHONUSERBASE", base.toString()));
        return environment;
    }

    private static Launcher spark(Path python, Path sparkSubmit, Map<String, String> environment, String where) {
        return new Launcher(python, sparkSubmit, environment, sparkSubmit + ", found by " + where);
    }
}
