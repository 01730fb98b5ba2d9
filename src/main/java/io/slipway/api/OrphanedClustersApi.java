package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;

/** The description of {@link OrphanedClustersController}, for OpenAPI. */
@Tag(name = "Clusters")
interface OrphanedClustersApi {

    @Operation(
            operationId = "listOrphanedClusters",
            summary = "List clusters of this installation that no order owns",
            description =
                    "For operators. The leader looks every `slipway.orphaned-clusters.look` (10m); such clusters are"
                            + " there after the database was restored. They end by EMR's idle time-out and by their"
                            + " longest life, or by a person. At most 500.")
    @ApiResponse(responseCode = "200", description = "The longest known first; never more than one page.")
    @MayFail(ProblemType.NOT_AN_OPERATOR)
    Page<OrphanView> list(@Parameter(hidden = true) HttpServletRequest request);

    @Operation(
            operationId = "terminateOrphanedCluster",
            summary = "End a cluster that no order owns",
            description =
                    "For operators. The leader makes the call; what runs there is lost. Repeating it changes nothing.")
    @ApiResponse(responseCode = "202", description = "It is to end.")
    @MayFail({ProblemType.NOT_AN_OPERATOR, ProblemType.ORPHAN_NOT_FOUND})
    ResponseEntity<OrphanView> terminate(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "Of the EMR cluster.", example = "j-2AXXXXXXGAPLF") String id);
}
