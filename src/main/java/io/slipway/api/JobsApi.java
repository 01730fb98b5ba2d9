package io.slipway.api;

import io.slipway.jobs.JobState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Encoding;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** The description of {@link JobsController}, for OpenAPI. */
@Tag(name = "Jobs", description = "Send a project, see where it stands, end it.")
interface JobsApi {

    @Operation(
            operationId = "submitJob",
            summary = "Run a project",
            description = """
                Takes a whole project as `multipart/form-data` and answers 202 once it is stored durably; from then on the job is \
                never lost and runs once. The wishes can be sent as one JSON part `spec`, or as simple fields of the same names, \
                or lie in the project as `slipway.yml` (or `slipway.yaml`); maps merge key by key, lists and values are replaced, and the request wins.

                The body may also be the project itself (`application/zip`, `application/gzip`, `text/x-python`), with the wishes as parameters \
                of the query, named as the form's fields. Texts are UTF-8, or in the charset that their part names. Secrets do not belong into a query.

                With an `Idempotency-Key`, a repeated request answers the first job again (200); the same key with another \
                project or spec is a 409.\
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
                            }),
            parameters =
                    @Parameter(
                            in = ParameterIn.HEADER,
                            name = "Idempotency-Key",
                            description =
                                    "1 to 200 printable ASCII characters; belongs to the owner. Such as `build-1742`.",
                            schema = @Schema(type = "string", maxLength = 200)))
    @ApiResponse(
            responseCode = "202",
            description = "Accepted: the job is stored and will run.",
            headers = @Header(name = "Location", description = "The job's address.", schema = @Schema(type = "string")),
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    @ApiResponse(
            responseCode = "200",
            description = "The job of an earlier request with the same Idempotency-Key.",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    @MayFail({
        ProblemType.INVALID_IDEMPOTENCY_KEY,
        ProblemType.MISSING_PART,
        ProblemType.IDEMPOTENCY_KEY_REUSED,
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
        ProblemType.NOT_ALLOWED,
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
        ProblemType.INSPECTIONS_BUSY,
        ProblemType.DISK_FULL,
        ProblemType.STORAGE_UNAVAILABLE
    })
    ResponseEntity<JobView> submit(@Parameter(hidden = true) HttpServletRequest request) throws IOException;

    @Operation(
            operationId = "listJobs",
            summary = "List jobs, newest first",
            description = "Pages by `next`; a page stays right while jobs arrive. Everything that is given must hold.")
    @ApiResponse(responseCode = "200", description = "One page.")
    @MayFail(ProblemType.INVALID_PARAMETER)
    Page<JobView> list(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "In one of these states. Such as `RUNNING`.") @Nullable Set<JobState> state,
            @Parameter(description = "Has this label, as key=value; repeatable. Such as `team=pricing`.") @Nullable
                    List<String> label,
            @Parameter(description = "A part of the name, in any case. Such as `squares`.") @Nullable String name,
            @Parameter(description = "For operators; everybody else sees their own jobs alone. Such as `alice`.")
                    @Nullable
                    String owner,
            @Parameter(description = "On this cluster. Such as `analytics`.") @Nullable String cluster,
            @Parameter(description = "Created at or after. Such as `2026-11-22T00:00:00Z`.") @Nullable
                    Instant createdFrom,
            @Parameter(description = "Created before. Such as `2026-11-23T00:00:00Z`.") @Nullable Instant createdTo,
            @Parameter(description = "Older than this job id; `next` carries it. Such as `01JD3Q8Z0V7M4T2K5E9XHWBRCN`.")
                    @Nullable
                    String before,
            @Parameter(
                            description = "1 to 500.",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "500",
                                            defaultValue = "50"))
                    int limit);

    @Operation(
            operationId = "cancelJob",
            summary = "End a job",
            description =
                    "A queued job ends at once. For a run that the cluster has, the wish is noted and sent: `stopping`"
                            + " is true until the cluster says that it ended. Repeating it is harmless.")
    @ApiResponse(responseCode = "200", description = "The job, CANCELLED or stopping.")
    @MayFail({ProblemType.JOB_NOT_FOUND, ProblemType.JOB_ENDED})
    ResponseEntity<JobView> cancel(@Parameter(hidden = true) HttpServletRequest request, @JobIdInPath String id);
}
