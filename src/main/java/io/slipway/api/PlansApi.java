package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Encoding;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** The description of {@link PlansController}, for OpenAPI. */
@Tag(name = "Plans", description = "See what a project becomes before it runs.")
interface PlansApi {

    @Operation(
            operationId = "planJob",
            summary = "See what a project would become",
            description = """
                Takes what `POST /jobs` takes, stores the project for a while and runs nothing. The answer holds the project's id \
                (name it as `project` in `POST /jobs`), its files and which of them `config` files replaced or added, the exact step, what the cluster would refuse, and findings: \
                what is likely to go wrong there, with file and line. Sources are read by Python's own parser and never run.\
                """,
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = "multipart/form-data",
                                        schema = @Schema(implementation = SubmitSchema.class),
                                        encoding = @Encoding(name = "spec", contentType = "application/json")),
                                @Content(
                                        mediaType = "application/zip",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/gzip",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/octet-stream",
                                        schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "text/x-python",
                                        schema = @Schema(type = "string", format = "binary"))
                            }))
    @ApiResponse(
            responseCode = "200",
            description = "The plan.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = PlanView.class)))
    @MayFail({
        ProblemType.INVALID_IDEMPOTENCY_KEY,
        ProblemType.MISSING_PART,
        ProblemType.UPLOAD_TOO_LARGE,
        ProblemType.TOO_MANY_PARTS,
        ProblemType.PART_HEADER_TOO_LARGE,
        ProblemType.NOT_AN_ARCHIVE,
        ProblemType.DAMAGED_ARCHIVE,
        ProblemType.ENCRYPTED_ARCHIVE,
        ProblemType.UNSAFE_PATH,
        ProblemType.DUPLICATE_PATH,
        ProblemType.UNREADABLE_NAME,
        ProblemType.ARCHIVE_TOO_LARGE,
        ProblemType.NO_ENTRY_POINT,
        ProblemType.AMBIGUOUS_CONFIG,
        ProblemType.INVALID_SPEC,
        ProblemType.FINDINGS,
        ProblemType.UNKNOWN_CLUSTER,
        ProblemType.UNKNOWN_PROJECT,
        ProblemType.SOURCE_NOT_ALLOWED,
        ProblemType.INVALID_SOURCE,
        ProblemType.SOURCE_NOT_FOUND,
        ProblemType.SOURCE_CHANGED,
        ProblemType.SOURCE_UNAVAILABLE,
        ProblemType.TOO_MANY_JOBS,
        ProblemType.TOO_MANY_SUBMISSIONS,
        ProblemType.TOO_MANY_UPLOADS,
        ProblemType.TOO_MANY_PLANS,
        ProblemType.INSPECTIONS_BUSY,
        ProblemType.DISK_FULL,
        ProblemType.STORAGE_UNAVAILABLE
    })
    PlanView plan(@Parameter(hidden = true) HttpServletRequest request) throws IOException;
}
