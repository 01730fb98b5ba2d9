package io.slipway.api;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the form of a submission looks like; it is only described by this class, {@link SubmitForm} reads it. */
@Schema(name = "SubmitJob", requiredProperties = "project")
record SubmitSchema(
        @Schema(
                type = "string",
                format = "binary",
                description = "The project: a zip (.zip, .whl, .egg, .pyz), a tar (.tar, .tar.gz, .tar.xz, .tar.bz2,"
                        + " .tar.zst) or one .py file. Or, as text, `sha256:<id>` or `job:<id>` of a project that"
                        + " you sent before, or `s3://bucket/key.zip` (.tar.gz, .py) or `s3://bucket/prefix/`,"
                        + " or `git+https://host/repository@ref#subdirectory=folder` with a branch, a tag or a commit,"
                        + " which the service fetches where slipway.sources.s3.allow or slipway.sources.git.allow has"
                        + " it for you; within 45 s by default. A field `sourceVersion` beside such a project is the version"
                        + " that it must still have, as `source.version` of its plan says it; another one by now is a 409"
                        + " `source-changed`.")
        String project,

        @ArraySchema(
                schema = @Schema(type = "string", format = "binary"),
                arraySchema =
                        @Schema(
                                description = "Files laid over the project, each at the path that its file name (or"
                                        + " `configPath`) gives."))
        @Nullable
        List<String> config,

        @Schema(
                description =
                        "Paths of the `config` files, in the same order, for clients that cannot name one in the file"
                                + " name.",
                example = "[]")
        @Nullable
        List<String> configPath,

        @Schema(
                type = "string",
                format = "binary",
                description =
                        "A Python environment as venv-pack or conda-pack packs it (.tar.gz with bin/python in it), for"
                                + " driver and executors; bin/python is what Spark starts. As text: the URI of one in S3,"
                                + " or `sha256:<id>` of one that you sent before.")
        @Nullable
        String pythonEnvironment,

        @Schema(
                type = "string",
                format = "binary",
                description =
                        "A requirements.txt or lock file that the project does not have: it is laid over its root and"
                                + " named as `requirements`.")
        @Nullable
        String requirementsFile,

        @Schema(ref = "#/components/schemas/" + SpecSchema.NAME) @Nullable
        Object spec) {}
