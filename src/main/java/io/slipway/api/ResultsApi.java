package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The description of {@link ResultsController}, for OpenAPI. */
@Tag(name = "Results", description = "Files that the runs of a job have left.")
interface ResultsApi {

    @Operation(operationId = "listResults", summary = "Which files there are", description = """
                    What a job wants to be kept of its working folder is said by `results` in its spec. The files are put in place when the \
                    program has ended, within `slipway.compute.results` (1,000 files, 1 GB, 5 minutes); links are not followed. They go with \
                    the job. On EMR the driver puts them in place, so that its cluster must have live output on.""")
    @ApiResponse(responseCode = "200", description = "The files; none while they are not in place.")
    @MayFail({ProblemType.JOB_NOT_FOUND, ProblemType.LOGS_UNAVAILABLE})
    ResultsView list(
            @Parameter(hidden = true) HttpServletRequest request,
            @JobIdInPath String id,
            @Parameter(description = "Of this attempt; of the last one when left out. Such as `1`.") @Nullable
                    Integer attempt);

    @Operation(
            operationId = "readResult",
            summary = "One of the files",
            description = "Its bytes, as a download: a program wrote them, so nothing of it is to run in a browser.")
    @ApiResponse(
            responseCode = "200",
            description = "The file.",
            content =
                    @Content(
                            mediaType = "application/octet-stream",
                            schema = @Schema(type = "string", format = "binary")))
    @MayFail({ProblemType.JOB_NOT_FOUND, ProblemType.RESULT_NOT_FOUND, ProblemType.LOGS_UNAVAILABLE})
    void read(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response,
            @JobIdInPath String id,
            @Parameter(description = "As the list has it.", example = "out/prices.csv") String path,
            @Parameter(description = "Of this attempt; of the last one when left out.") @Nullable Integer attempt)
            throws IOException;

    @Operation(operationId = "readResults", summary = "All of the files", description = "As one zip.")
    @ApiResponse(
            responseCode = "200",
            description = "The zip; empty when there are no files.",
            content = @Content(mediaType = "application/zip", schema = @Schema(type = "string", format = "binary")))
    @MayFail({ProblemType.JOB_NOT_FOUND, ProblemType.LOGS_UNAVAILABLE})
    void zip(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response,
            @JobIdInPath String id,
            @Parameter(description = "Of this attempt; of the last one when left out.") @Nullable Integer attempt)
            throws IOException;
}
