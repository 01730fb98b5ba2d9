package io.slipway.api;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the form of a submission looks like; it is only described by this class, {@link SubmitForm} reads it. */
@Schema(name = "SubmitJob", requiredProperties = "project")
record SubmitSchema(
        @Schema(
                type = "string",
                format = "binary",
                description =
                        "The project: a zip (.zip, .whl, .egg, .pyz), a tar (.tar, .tar.gz, .tar.xz, .tar.bz2, .tar.zst) or one .py file. Or, as text, `sha256:<id>` or `job:<id>` of a project that"
                                + " you sent before.")
        String project,

        @ArraySchema(
                schema = @Schema(type = "string", format = "binary"),
                arraySchema =
                        @Schema(
                                description =
                                        "Files laid over the project, each at the path that its file name (or `configPath`) gives."))
        @Nullable
        List<String> config,

        @Schema(
                description =
                        "Paths of the `config` files, in the same order, for clients that cannot name one in the file name.")
        @Nullable
        List<String> configPath,

        @Schema(
                type = "string",
                format = "binary",
                description =
                        "A Python environment as venv-pack or conda-pack packs it (.tar.gz with bin/python in it), for driver and"
                                + " executors; bin/python is what Spark starts. As text: the URI of one in S3, or `sha256:<id>` of one that"
                                + " you sent before.")
        @Nullable
        String pythonEnvironment,

        @Nullable Spec spec) {

    @Schema(
            name = "JobSpec",
            description = "Every field may be left out; each can also be sent as a form field of its own.",
            example = """
                    {"name": "normal-squares", "arguments": ["--samples", "1000"], "timeout": "PT2H"}""")
    record Spec(
            @Schema(description = "At most 200 characters; else named after the upload.", example = "normal-squares")
            @Nullable
            String name,

            @Schema(
                    description =
                            "A .py file by its path in the project, or `-m package.module`; else main.py, project.py, __main__.py or the only .py at the root.",
                    example = "project.py")
            @Nullable
            String entryPoint,

            @Schema(
                    description = "Handed to the entry point as they are, never split.",
                    example = "[\"--samples\", \"1000\"]")
            @Nullable
            List<String> arguments,

            @Schema(example = "{\"spark.executor.memory\": \"4g\"}") @Nullable
            Map<String, String> sparkConf,

            @Schema(
                    description =
                            "Variables of the driver. Write-only: only the names can be read again. With `project: job:<id>`, null"
                                    + " keeps the value that the job had for the name.",
                    example = "{\"STAGE\": \"test\", \"PASSWORD\": null}")
            @Nullable
            Map<String, @Nullable String> environment,

            @Schema(description = "For filters.", example = "{\"team\": \"pricing\"}") @Nullable
            Map<String, String> labels,

            @Schema(description = "A configured cluster; else the default one.", example = "local") @Nullable
            String cluster,

            @Schema(description = "ISO-8601; longest time in RUNNING, for each attempt.", example = "PT2H") @Nullable
            String timeout,

            @Schema(description = "ISO-8601; longest time from the 202 to the first run.", example = "PT30M") @Nullable
            String queueTimeout,

            @Schema(description = "1 to 10.", example = "1") @Nullable
            Integer maxAttempts,

            @Schema(
                    description =
                            "-10 to 10, else 0: the higher goes first. Within one priority the owners of a cluster's queue take turns.",
                    example = "0")
            @Nullable
            Integer priority,

            @Schema(
                    description =
                            "unchanged: the project travels as one archive and finds itself as on a laptop. split: as spark-submit's own"
                                    + " --py-files and --files.",
                    allowableValues = {"unchanged", "split"},
                    example = "unchanged")
            @Nullable
            String layout,

            @Schema(
                    description =
                            "Where the driver runs: cluster (YARN), client (the primary node) or container (a Docker image). A cluster's"
                                    + " settings must allow the last two.",
                    allowableValues = {"cluster", "client", "container"},
                    example = "cluster")
            @Nullable
            String mode,

            @Schema(
                    description = "For mode container: image, from a registry that the cluster allows.",
                    example = "{\"image\": \"123456789012.dkr.ecr.eu-central-1.amazonaws.com/spark:3.5\"}")
            @Nullable
            Map<String, String> container,

            @Schema(
                    description = "Folders and wheels of the project from which modules can be imported, too.",
                    example = "[\"src\", \"libs\"]")
            @Nullable
            List<String> pythonPath,

            @Schema(
                    description =
                            "URI of a packed Python environment (.tar.gz), for driver and executors, or `sha256:<id>` of one that was sent.",
                    example = "s3://my-bucket/environments/pricing.tar.gz")
            @Nullable
            String pythonEnvironment,

            @Schema(
                    description = "ARN of a runtime role that the cluster allows; else the cluster's own.",
                    example = "arn:aws:iam::123456789012:role/pricing")
            @Nullable
            String executionRole,

            @Schema(
                    description = "warning: refuse the job when its plan has warnings.",
                    allowableValues = {"never", "warning"},
                    example = "never")
            @Nullable
            String failOn) {}
}
