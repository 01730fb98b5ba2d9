package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;

/** The description of {@link RootController}, for OpenAPI. */
@Tag(name = "Root", description = "Where to begin.")
interface RootApi {

    @Operation(
            operationId = "readRoot",
            summary = "What there is",
            description = "The addresses of the API. It needs no token; a browser is sent to the console.")
    @ApiResponse(responseCode = "200", description = "The addresses.")
    @MayFail({})
    RootView read(@Parameter(hidden = true) HttpServletRequest request);
}
