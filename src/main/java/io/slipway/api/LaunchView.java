package io.slipway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.slipway.project.Launch;
import io.slipway.project.SparkResource;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a project is started, in the words of a spec. */
@Schema(name = "LaunchView")
@JsonInclude(JsonInclude.Include.ALWAYS)
record LaunchView(
        @Schema(example = "unchanged") String layout,
        @Schema(example = "cluster") String mode,

        @Schema(description = "The Docker image of mode container.") @Nullable
        String image,

        List<String> pythonPath,
        @Nullable String pythonEnvironment,

        @Schema(description = "The project's file of requirements from which an environment is built; null: none.")
        @Nullable
        String requirements,

        @Schema(
                description = "Whether nobody named the requirements: they were found at the project's root. Where no"
                        + " index of packages can be reached such a job runs without them; its events say so.",
                example = "false")
        boolean requirementsFound,

        @Schema(description = "Of the environment's Python; null: the cluster's.") @Nullable
        String pythonVersion,

        List<String> jars,
        List<String> files,
        List<String> pyFiles,
        List<String> archives,
        List<String> packages,
        List<String> repositories,

        @Schema(
                description = "Whose files are kept at the end of a run, as patterns of their paths.",
                example = "[\"out/**\"]")
        List<String> results,

        @Schema(
                description = "Whether the driver shows what it prints while it runs, where the cluster has that on.",
                example = "true")
        boolean live,

        @Schema(description = "The one that the spec names.") @Nullable
        String executionRole) {

    static LaunchView of(Launch launch) {
        Launch.Container container = launch.container();
        return new LaunchView(
                launch.layout().name().toLowerCase(Locale.ROOT),
                launch.mode().name().toLowerCase(Locale.ROOT),
                container == null ? null : container.image(),
                launch.python().path(),
                launch.python().environment(),
                launch.python().requirements(),
                launch.python().found(),
                launch.python().version(),
                launch.resources(SparkResource.JARS),
                launch.resources(SparkResource.FILES),
                launch.resources(SparkResource.PY_FILES),
                launch.resources(SparkResource.ARCHIVES),
                launch.resources(SparkResource.PACKAGES),
                launch.resources(SparkResource.REPOSITORIES),
                launch.results(),
                launch.isShownLive(),
                launch.executionRole());
    }
}
