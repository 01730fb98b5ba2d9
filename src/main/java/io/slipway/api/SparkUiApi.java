package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;

/** The description of {@link SparkUiController}, for OpenAPI. */
@Tag(name = "Jobs")
interface SparkUiApi {

    @Operation(operationId = "openSparkUi", summary = "Spark's own pages of a job", description = """
                    Of a job that runs, the pages on its cluster; of one that has ended, EMR's history server, which shows it from                     about two minutes after its end, for 30 days, and not for clusters with several primary nodes or with Lake                     Formation. Making the link takes some calls: 202 until it is there. The link is good for whoever has it and shows                     the other applications of the cluster, too, but for those of other runtime roles; it is kept nowhere.""")
    @ApiResponse(
            responseCode = "202",
            description = "The link is being made; ask again.",
            headers = @Header(name = "Retry-After", description = "Seconds.", schema = @Schema(type = "integer")),
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = SparkUiView.class)))
    @ApiResponse(
            responseCode = "303",
            description = "To the page.",
            headers = @Header(name = "Location", description = "The link.", schema = @Schema(type = "string")),
            content = @Content)
    @MayFail({ProblemType.JOB_NOT_FOUND, ProblemType.SPARK_UI_NOT_FOUND})
    ResponseEntity<SparkUiView> open(@Parameter(hidden = true) HttpServletRequest request, @JobIdInPath String id);
}
