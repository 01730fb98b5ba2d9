package io.slipway.compute.local;

import io.slipway.project.LaunchPlan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a run may see of the service's environment: names on a list, because the rest holds the service's secrets (AWS keys, the
 * database's password).
 */
final class RunEnvironment {

    private static final Set<String> PASSED = Set.of(
            "PATH",
            "LANG",
            "LANGUAGE",
            "TZ",
            "TMPDIR",
            "USER",
            "LOGNAME",
            "SHELL",
            "JAVA_HOME",
            "SPARK_HOME",
            "SPARK_CONF_DIR",
            "HADOOP_HOME",
            "HADOOP_CONF_DIR",
            "PYSPARK_PYTHON",
            "PYSPARK_DRIVER_PYTHON");

    private final Map<String, String> passed = new TreeMap<>();

    /** @param also further names that the settings allow */
    RunEnvironment(Map<String, String> service, List<String> also) {
        service.forEach((name, value) -> {
            if (PASSED.contains(name) || name.startsWith("LC_") || also.contains(name)) {
                passed.put(name, value);
            }
        });
    }

    /** For our own programs. */
    Map<String, String> passed() {
        return passed;
    }

    /** For a project; the job's own variables win. */
    Map<String, String> of(LaunchPlan plan, Launcher launcher, RunFolder folder) {
        Map<String, String> environment = new TreeMap<>(passed);
        environment.putAll(launcher.environment());
        environment.put("PYTHONUNBUFFERED", "1");
        // Credentials that the service's user keeps in files (~/.aws) are not found from there.
        environment.put("HOME", folder.home().toString());
        environment.putAll(plan.environment());
        BuiltPython built = launcher.built();
        if (built != null) {
            environment.put("PATH", built.path(environment.get("PATH")));
        }
        // As in the launcher on a cluster: the project's root is importable wherever the entry point lies.
        String root = folder.project().toString();
        String folders = Stream.concat(
                        Stream.of(root), plan.launch().python().path().stream().map(path -> root + "/" + path))
                .collect(Collectors.joining(":"));
        environment.merge("PYTHONPATH", folders, (own, ours) -> ours + ":" + own);
        return environment;
    }
}
