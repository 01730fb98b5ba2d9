package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;

/** The description of {@link ClustersController}, for OpenAPI. */
@Tag(name = "Clusters", description = "Where jobs can run.")
interface ClustersApi {

    @Operation(
            operationId = "listClusters",
            summary = "The configured clusters",
            description =
                    "Their kind, the state in which they were last seen, and how many jobs are there. Reading it asks no cluster.")
    @ApiResponse(responseCode = "200", description = "All of them.")
    @MayFail({})
    Page<ClusterView> list();
}
