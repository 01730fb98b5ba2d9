package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The description of {@link LogsController}, for OpenAPI. */
@Tag(name = "Logs", description = "What the runs of a job printed.")
interface LogsApi {

    @Operation(operationId = "listLogs", summary = "Which logs there are", description = """
                    The names say what a log holds and mean the same everywhere: `stdout` and `stderr` are the program's, `spark` is what the driver's \
                    JVM logged, `step-controller`, `step-syslog`, `step-stdout`, `step-stderr` are an EMR step's own files, `executor-000003-stderr` is \
                    an executor's. Under Spark `stdout` holds both of the program's streams, as its `note` says. A container is \
                    `container-000002-stdout` until it is certain whether it is the driver's, and can be read by that name later too. When YARN starts \
                    an application again, the names of what it prints then begin with `attempt-2-`. A run on this machine has its logs from \
                    its start; EMR ships them to S3 about every five minutes.""")
    @ApiResponse(responseCode = "200", description = "The logs that can be read now.")
    @MayFail({ProblemType.JOB_NOT_FOUND, ProblemType.LOGS_UNAVAILABLE})
    Page<LogView> list(
            @Parameter(hidden = true) HttpServletRequest request,
            @JobIdInPath String id,
            @Parameter(description = "Of this attempt; of the last one when left out. Such as `1`.") @Nullable
                    Integer attempt);

    @Operation(operationId = "readLog", summary = "Read a log", description = """
                    Plain text, uncompressed, also while the run is still writing. With `follow=true` the answer goes on as the run prints, waits for \
                    the first byte when there is none yet, and ends when the attempt has ended and all of the log was sent: `curl -N`. An answer that \
                    was broken off (no last chunk) goes on with `offset` at its `Slipway-Log-Offset` plus the bytes that came. The end of a compressed log is known when all of it is unpacked: \
                    with `tail`, 503 and `Retry-After` when that takes longer than a minute.""")
    @ApiResponse(
            responseCode = "308",
            description =
                    "The log has another name now: `driver-stdout` is `stdout`, `driver-stderr` is `spark`, `controller` is"
                            + " `step-controller`, `syslog` is `step-syslog`.",
            headers = @Header(name = "Location", schema = @Schema(type = "string", format = "uri")),
            content = @Content)
    @ApiResponse(
            responseCode = "200",
            description = "The log, or its part.",
            headers =
                    @Header(
                            name = "Slipway-Log-Offset",
                            description = "Position of the first byte of the answer in the log.",
                            schema = @Schema(type = "integer", format = "int64")),
            content = @Content(mediaType = "text/plain", schema = @Schema(type = "string")))
    @MayFail({
        ProblemType.INVALID_PARAMETER,
        ProblemType.JOB_NOT_FOUND,
        ProblemType.LOG_NOT_FOUND,
        ProblemType.LOG_NOT_YET_THERE,
        ProblemType.LOGS_UNAVAILABLE,
        ProblemType.TOO_MANY_STREAMS,
        ProblemType.TOO_MANY_OWN_STREAMS
    })
    void read(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response,
            @JobIdInPath String id,
            @Parameter(description = "A name from the list of logs.", example = "stdout") String stream,
            @Parameter(description = "The last lines alone: 0 to 100000, and at most 8 MiB. Such as `100`.") @Nullable
                    Integer tail,
            @Parameter(description = "From this byte on; not together with tail.") @Nullable Long offset,
            @Parameter(description = "Of this attempt; of the last one when left out.") @Nullable Integer attempt,
            @Parameter(
                            description =
                                    "Whether the answer goes on to the end of the attempt. It counts among the caller's streams.")
                    boolean follow)
            throws IOException;
}
