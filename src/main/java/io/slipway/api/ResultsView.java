package io.slipway.api;

import io.slipway.compute.RunResults;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/** The files that a run has left. */
@Schema(name = "Results")
record ResultsView(
        @Schema(description = "In the order of their paths.")
        List<FileView> items,

        @Schema(description = "What was wanted and is not there; the first hundred.")
        List<LeftOutView> leftOut,

        @Schema(description = "What went wrong with all of it; null when nothing did.") @Nullable
        String note,

        @Schema(description = "Whether they were put in place. false: the run goes on, or has left nothing to keep.")
        boolean complete) {

    @Schema(name = "ResultFile")
    record FileView(
            @Schema(description = "In the working folder.", example = "out/prices.csv")
            String path,

            @Schema(description = "In bytes.", example = "20480")
            long size,

            @Schema(description = "Where its bytes are.") URI link) {}

    @Schema(name = "ResultLeftOut")
    record LeftOutView(
            @Schema(example = "out/all.parquet") String path,

            @Schema(example = "With it they are too large together.")
            String why) {}

    /** @param base of the addresses of files */
    static ResultsView of(RunResults results, URI base) {
        Function<String, URI> address = path -> UriComponentsBuilder.fromUri(base)
                .queryParam("path", "{path}")
                .encode()
                .buildAndExpand(path)
                .toUri();
        return new ResultsView(
                results.files().stream()
                        .map(file -> new FileView(file.path(), file.size(), address.apply(file.path())))
                        .toList(),
                results.leftOut().stream()
                        .map(one -> new LeftOutView(one.path(), one.why()))
                        .toList(),
                results.note(),
                true);
    }
}
