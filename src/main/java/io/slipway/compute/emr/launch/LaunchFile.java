package io.slipway.compute.emr.launch;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.compute.ResultLimits;
import io.slipway.project.DriverHost;
import io.slipway.project.LaunchPlan;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code launch.json}: what the launcher reads on the driver, and the daemon of Python workers on each executor. The job's environment
 * travels here alone, because EMR shows a step's arguments to everybody who may look at the cluster. In layout split, which has neither
 * program on its executors, those do not see it.
 *
 * @param entryPoint of a file; else there is a {@code module}
 * @param beside what Spark puts beside the project, for the driver to find it in its own folder
 * @param lateContext whether the launcher makes a Spark context at the end of a program that made none
 * @param live {@code null} where what the program prints is not shown while it runs
 * @param primaryNode how spark-submit is run there; {@code null} where EMR itself runs it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LaunchFile(
        @Nullable String entryPoint,
        @Nullable String module,
        List<String> arguments,
        Map<String, String> environment,
        List<String> pythonPath,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> beside,
        @Nullable Boolean lateContext,
        @Nullable Live live,
        @Nullable PrimaryNode primaryNode) {

    /**
     * @param program beside the launcher, or in the working directory
     * @param folder for what is printed, and how far it is
     * @param end where the end of the program is said
     * @param results {@code null} where none are wanted
     */
    record Live(
            String program,
            URI folder,
            URI end,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Results results) {}

    /**
     * What is kept of the working folder when the program has ended.
     *
     * @param patterns of paths
     * @param to the files go to {@code files/<path>} below it, and at last their list to {@code results.json}
     * @param bytes of all files together
     * @param seconds for all of it
     */
    record Results(List<String> patterns, URI to, int files, long bytes, long seconds) {

        static @Nullable Results of(LaunchPlan plan, LiveLocations locations, ResultLimits limits) {
            List<String> wanted = plan.launch().results();
            return wanted.isEmpty()
                    ? null
                    : new Results(
                            wanted,
                            locations.results(),
                            limits.files(),
                            limits.size().toBytes(),
                            limits.time().toSeconds());
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static byte[] of(LaunchPlan plan, StepArguments step, StepFiles files, JobRules rules, ResultLimits limits) {
        boolean module = plan.entry().isModule();
        return JSON.writeValueAsBytes(new LaunchFile(
                module ? null : plan.entryPoint(),
                module ? plan.entry().module() : null,
                plan.arguments(),
                plan.environment(),
                plan.launch().python().path(),
                StepArguments.onPrimaryNode(plan, rules) ? List.of() : step.landings(),
                DriverHosts.of(plan, rules) == DriverHost.CONTAINER_WITH_LATE_CONTEXT ? true : null,
                live(plan, files, rules, limits),
                StepArguments.onPrimaryNode(plan, rules) ? PrimaryNode.of(step, files, rules) : null));
    }

    private static @Nullable Live live(LaunchPlan plan, StepFiles files, JobRules rules, ResultLimits limits) {
        if (!rules.showsLive(plan)) {
            return null;
        }
        LiveLocations locations = files.live();
        return new Live(
                files.liveProgramName(), locations.folder(), locations.end(), Results.of(plan, locations, limits));
    }
}
