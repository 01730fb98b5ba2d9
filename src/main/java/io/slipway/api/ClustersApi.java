package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;

/** The description of {@link ClustersController}, for OpenAPI. */
@Tag(name = "Clusters", description = "Where jobs can run.")
interface ClustersApi {

    @Operation(
            operationId = "listClusters",
            summary = "The configured clusters",
            description =
                    "Their kind, the state in which they were last seen, how many jobs are there, and, of clusters that are made to order, what was ordered and who waits. Reading it asks no cluster.")
    @ApiResponse(responseCode = "200", description = "All of them.")
    @MayFail({})
    Page<ClusterView> list(@Parameter(hidden = true) HttpServletRequest request);
}
