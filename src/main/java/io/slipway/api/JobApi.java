package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The description of {@link JobController}, for OpenAPI. */
@Tag(name = "Jobs")
interface JobApi {

    @Operation(
            operationId = "getJob",
            summary = "One job",
            description = """
                    With `Prefer: wait=30` and the last answer's ETag in `If-None-Match`, the answer is held back until the job, or \
                    what it is `waitingFor`, has changed, and is a 304 when it has not after that many seconds (at most 60). A job that has ended answers at once, \
                    unless its `reason` is `pending`. \
                    A client that follows a job this way needs no polling.""",
            parameters = {
                @Parameter(
                        in = ParameterIn.HEADER,
                        name = "If-None-Match",
                        description = "The ETag of an earlier answer. Such as `\"3\"`.",
                        schema = @Schema(type = "string")),
                @Parameter(
                        in = ParameterIn.HEADER,
                        name = "Prefer",
                        description = "wait=<seconds>, RFC 7240. Such as `wait=30`.",
                        schema = @Schema(type = "string"))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The job.",
            headers = @Header(name = "ETag", description = "Changes with the job.", schema = @Schema(type = "string")),
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    @ApiResponse(responseCode = "304", description = "The job is as `If-None-Match` says.", content = @Content)
    @MayFail(ProblemType.JOB_NOT_FOUND)
    @Nullable
    Object get(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response,
            @JobIdInPath String id)
            throws IOException;
}
