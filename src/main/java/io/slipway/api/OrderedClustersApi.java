package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** The description of {@link OrderedClustersController}, for OpenAPI. */
@Tag(name = "Clusters")
interface OrderedClustersApi {

    @Operation(
            operationId = "readTemplate",
            summary = "What an order of a cluster sends",
            description =
                    "The exact body of RunJobFlow, the same for AWS's command line and as CloudFormation. Nobody is"
                            + " asked.")
    @ApiResponse(responseCode = "200", description = "The template in three forms.")
    @MayFail(ProblemType.NOT_MADE_TO_ORDER)
    TemplateView template(@Parameter(description = "A configured cluster.", example = "nightly") String name);

    @Operation(
            operationId = "listOrders",
            summary = "List the orders of a cluster, newest first",
            description =
                    "Those that are not over and those that ended less than `slipway.retention.ended-jobs` ago; the"
                            + " last 40 are always kept. Pages by `next`.")
    @ApiResponse(responseCode = "200", description = "One page.")
    @MayFail({ProblemType.INVALID_PARAMETER, ProblemType.NOT_MADE_TO_ORDER})
    Page<OrderView> orders(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "A configured cluster.", example = "nightly") String name,
            @Parameter(description = "Older than this order; `next` carries it. Such as `01JD3Q8Z0V7M4T2K5E9XHWBRCN`.")
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
            operationId = "getOrder",
            summary = "One order of a cluster, with its history",
            description =
                    "What became of it and why, such as EMR's own words when it failed. Orders of a cluster that is not"
                            + " configured any more are found, too.")
    @ApiResponse(responseCode = "200", description = "The order and its history.")
    @MayFail(ProblemType.ORDER_NOT_FOUND)
    OrderStoryView order(
            @Parameter(description = "The configured cluster.", example = "nightly") String name,
            @Parameter(description = "Of the order.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN") String id);

    @Operation(
            operationId = "startCluster",
            summary = "Order a cluster before any job waits for it",
            description =
                    "For operators. The leader makes the call; the cluster ends when it is idle, as any other does.")
    @ApiResponse(responseCode = "202", description = "It is wanted.")
    @MayFail({ProblemType.NOT_AN_OPERATOR, ProblemType.NOT_MADE_TO_ORDER, ProblemType.TOO_MANY_CLUSTERS})
    ResponseEntity<OrderView> start(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "A configured cluster.", example = "nightly") String name);

    @Operation(
            operationId = "drainCluster",
            summary = "Let a cluster end after the jobs that it has",
            description = "For operators. Repeating it changes nothing.")
    @ApiResponse(responseCode = "202", description = "The order as it is now.")
    @MayFail({ProblemType.NOT_AN_OPERATOR, ProblemType.ORDER_NOT_FOUND, ProblemType.ORDER_UNCLEAR})
    ResponseEntity<OrderView> drain(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "A configured cluster.", example = "nightly") String name,
            @Parameter(description = "Of the order.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN") String id);

    @Operation(
            operationId = "terminateCluster",
            summary = "End a cluster now, with the jobs that it has",
            description = "For operators. Its jobs end with the reason `CLUSTER_GONE`. Repeating it changes nothing.")
    @ApiResponse(responseCode = "202", description = "The order as it is now.")
    @MayFail({ProblemType.NOT_AN_OPERATOR, ProblemType.ORDER_NOT_FOUND, ProblemType.ORDER_UNCLEAR})
    ResponseEntity<OrderView> terminate(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "A configured cluster.", example = "nightly") String name,
            @Parameter(description = "Of the order.", example = "01JD3Q8Z0V7M4T2K5E9XHWBRCN") String id);

    @Operation(
            operationId = "resumeCluster",
            summary = "Order clusters again after three failures in a row",
            description = "For operators. Failures up to now count no longer.")
    @ApiResponse(responseCode = "200", description = "How the clusters of the name are made now.")
    @MayFail({ProblemType.NOT_AN_OPERATOR, ProblemType.NOT_MADE_TO_ORDER})
    OrderingView resume(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(description = "A configured cluster.", example = "nightly") String name);
}
