package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** The description of {@link EnvironmentsController}, for OpenAPI. */
@Tag(name = "Environments", description = "Python environments that are built of projects' requirements.")
interface EnvironmentsApi {

    @Operation(
            operationId = "listEnvironments",
            summary = "List environments, newest first",
            description =
                    "Your own, and those of others that your jobs use, since everything in them is hashed. Pages by `next`.")
    @ApiResponse(responseCode = "200", description = "One page.")
    @MayFail(ProblemType.INVALID_PARAMETER)
    Page<EnvironmentView> list(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "For operators; everybody else sees their own. Such as `alice`.") @Nullable
                    String owner,
            @Parameter(description = "Older than this id; `next` carries it. Such as `01JD3Q8Z0V7M4T2K5E9XHWBRCN`.")
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
            operationId = "getEnvironment",
            summary = "One environment",
            description =
                    "What it is built from, how far it is, the packages that it has, or why it could not be built. It is seen by its"
                            + " owner, by whoever has a job in it, and by operators.")
    @ApiResponse(responseCode = "200", description = "The environment.")
    @MayFail(ProblemType.ENVIRONMENT_NOT_FOUND)
    EnvironmentView get(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "The environment's id.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN") String id);

    @Operation(
            operationId = "readEnvironmentLog",
            summary = "Read what its last build said",
            description =
                    "Plain text, at most 1 MiB at once, also while it is being built: the next part begins at `Slipway-Log-Offset`"
                            + " plus the bytes that came.")
    @ApiResponse(
            responseCode = "200",
            description = "The log from the offset.",
            headers =
                    @Header(
                            name = "Slipway-Log-Offset",
                            description = "Position of the first byte of the answer in the log.",
                            schema = @Schema(type = "integer", format = "int64")),
            content = @Content(mediaType = "text/plain", schema = @Schema(type = "string")))
    @MayFail({ProblemType.INVALID_PARAMETER, ProblemType.ENVIRONMENT_NOT_FOUND, ProblemType.LOGS_UNAVAILABLE})
    ResponseEntity<byte[]> log(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "The environment's id.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN") String id,
            @Parameter(
                            description = "From this byte on.",
                            schema = @Schema(type = "integer", format = "int64", minimum = "0", defaultValue = "0"))
                    long offset)
            throws IOException;

    @Operation(
            operationId = "rebuildEnvironment",
            summary = "Build it anew",
            description =
                    "From the same requirements: packages that are not named by a hash may have newer versions now. Jobs that come"
                            + " from now on get the new environment; while one is being built, that is answered. For its owner and"
                            + " operators.")
    @ApiResponse(
            responseCode = "202",
            description = "The environment that is going to be built.",
            headers = @Header(name = "Location", schema = @Schema(type = "string")))
    @MayFail({ProblemType.ENVIRONMENT_NOT_FOUND, ProblemType.NOT_AN_OPERATOR})
    ResponseEntity<EnvironmentView> rebuild(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "The environment's id.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN") String id);
}
