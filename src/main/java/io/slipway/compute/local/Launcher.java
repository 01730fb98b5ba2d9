package io.slipway.compute.local;

import io.slipway.compute.PlannedRun;
import io.slipway.project.EntryPoint;
import io.slipway.project.LaunchPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What starts a project here.
 *
 * @param python the interpreter of the supervisor, and of the project where there is no Spark
 * @param sparkSubmit {@code null} when none was found
 * @param environment what the project needs in order to find the same Python and Spark
 * @param description which it is, and why
 * @param built the environment that was built for the run; {@code null} for the machine's own Python
 */
record Launcher(
        Path python,
        @Nullable Path sparkSubmit,
        Map<String, String> environment,
        String description,
        @Nullable BuiltPython built) {

    /** In this machine's own Python. */
    Launcher(Path python, @Nullable Path sparkSubmit, Map<String, String> environment, String description) {
        this(python, sparkSubmit, environment, description, null);
    }

    /** The supervisor is no part of the project: it has the machine's Python, as this one is asked for it. */
    Path supervisorPython() {
        return built == null ? python : built.machines();
    }

    /** For the job's history. */
    String note() {
        return "Started with " + description + ".";
    }

    /** The command as its words; nothing of it ever passes through a shell. */
    List<String> command(PlannedRun run, Path runFolder) {
        LaunchPlan plan = run.plan();
        List<String> words = new ArrayList<>();
        if (sparkSubmit == null) {
            words.add(python.toString());
        } else {
            words.addAll(List.of(sparkSubmit.toString(), "--name", run.jobName()));
            plan.sparkConf().forEach((key, value) -> words.addAll(List.of("--conf", key + "=" + value)));
        }
        words.addAll(entry(plan.entry(), runFolder));
        words.addAll(plan.arguments());
        return words;
    }

    private List<String> entry(EntryPoint entry, Path runFolder) {
        if (entry.isModule()) {
            return sparkSubmit == null
                    ? List.of("-m", entry.module())
                    : List.of(ModuleRunner.in(runFolder).toString(), entry.module());
        }
        return List.of(entry.text().startsWith("-") ? "./" + entry.text() : entry.text());
    }
}
