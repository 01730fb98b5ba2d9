package io.slipway.api;

import io.slipway.jobs.JobSource;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where a project was fetched from. */
@Schema(name = "Source")
record SourceView(
        @Schema(description = "As it was asked for.", example = "git+https://git.example.org/team/jobs@main")
        String uri,

        @Schema(
                description = "What was there: the id of the git commit; of S3, an ETag and the size. null while it is"
                        + " fetched.",
                example = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0")
        @Nullable
        String version) {

    static SourceView of(JobSource source) {
        return new SourceView(source.uri(), source.version());
    }
}
