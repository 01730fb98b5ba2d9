package io.slipway.compute.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Python environment that was built on this machine for the runs of some jobs.
 *
 * @param folder as venv made it
 * @param machines the machine's own Python
 */
record BuiltPython(Path folder, Path machines) {

    private static final Pattern LOCATION = Pattern.compile("venv:([A-Za-z0-9][A-Za-z0-9-]{0,60})");

    /**
     * The same start by the Python of that environment; Spark of the environment is taken where the machine has none.
     *
     * @param location as the plan of the run names it
     */
    static Launcher start(Path environments, String location, Launcher machine) throws CannotRun {
        Matcher name = LOCATION.matcher(location);
        if (!name.matches()) {
            throw new CannotRun("This machine has no environment " + location + ".", null);
        }
        Path folder = environments.resolve(name.group(1)).resolve("venv");
        if (!SearchPath.isProgram(folder.resolve("bin/python"))) {
            throw new CannotRun(
                    "The Python environment that was built for the job is gone from " + folder
                            + ": submit the job again.",
                    null);
        }
        return new BuiltPython(folder, machine.python()).start(machine);
    }

    static boolean isOne(String location) {
        return LOCATION.matcher(location).matches();
    }

    private Launcher start(Launcher machine) {
        Path python = folder.resolve("bin/python");
        Map<String, String> environment = new HashMap<>(machine.environment());
        environment.put("PYSPARK_PYTHON", python.toString());
        environment.put("PYSPARK_DRIVER_PYTHON", python.toString());
        environment.put("VIRTUAL_ENV", folder.toString());
        environment.remove("PYTHONUSERBASE");
        Path sparkSubmit = machine.sparkSubmit();
        if (sparkSubmit == null) {
            sparkSubmit = ownSpark().orElse(null);
            if (sparkSubmit != null) {
                environment.put(
                        "SPARK_HOME",
                        String.valueOf(sparkSubmit.resolve("../..").normalize()));
            }
        }
        return new Launcher(python, sparkSubmit, environment, description(machine, sparkSubmit), this);
    }

    private static String description(Launcher machine, @Nullable Path sparkSubmit) {
        return (sparkSubmit == null ? "Python" : sparkSubmit) + " in the environment that was built for it"
                + (machine.sparkSubmit() == null ? "" : ", " + machine.description());
    }

    private Optional<Path> ownSpark() {
        try (DirectoryStream<Path> libraries = Files.newDirectoryStream(folder.resolve("lib"), "python*")) {
            for (Path library : libraries) {
                Path program = library.resolve("site-packages/pyspark/bin/spark-submit");
                if (SearchPath.isProgram(program)) {
                    return Optional.of(program);
                }
            }
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Before all others, so that what the project starts finds the same Python. */
    String path(@Nullable String others) {
        String own = folder.resolve("bin").toString();
        return others == null || others.isEmpty() ? own : own + ":" + others;
    }
}
