package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** The description of {@link StatsController}, for OpenAPI. */
@Tag(name = "Stats", description = "How many jobs, how long, and why they failed.")
interface StatsApi {

    @Operation(
            operationId = "readStats",
            summary = "Jobs by day",
            description =
                    "From numbers that are rolled up as jobs end, a few seconds later: reading them reads no job. Days are those of UTC;"
                            + " a job is counted on the day of its end, once, and stays counted when retention removes it.")
    @ApiResponse(responseCode = "200", description = "The last days, today among them.")
    @MayFail(ProblemType.INVALID_PARAMETER)
    StatsView read(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(
                            description = "1 to 90.",
                            schema =
                                    @Schema(
                                            type = "integer",
                                            format = "int32",
                                            minimum = "1",
                                            maximum = "90",
                                            defaultValue = "30"))
                    int days,
            @Parameter(description = "For operators; everybody else sees their own jobs alone. Such as `alice`.")
                    @Nullable
                    String owner);
}
