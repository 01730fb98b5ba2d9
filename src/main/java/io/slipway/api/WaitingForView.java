package io.slipway.api;

import io.slipway.control.Wait;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a job in the queue waits for, beside its turn. */
@Schema(name = "WaitingFor")
record WaitingForView(
        @Schema(
                allowableValues = {"environment", "cluster"},
                example = "cluster")
        String kind,

        @Schema(
                description =
                        "Of the cluster's order. `FAILED`: it is tried again; `PAUSED`: not before an operator resumes"
                                + " it; `IN_USE`: each cluster that there may be is another job's. Of an environment"
                                + " `WANTED` or `BUILDING`; null until it is known which environment it is.",
                example = "STARTING")
        @Nullable
        String state,

        Instant since,

        @Schema(description = "What a person can read.", example = "Cluster j-2AXXXXXXGAPLF is starting.")
        String message,

        @Schema(description = "Where to read more about it; null until it is known which environment it is.") @Nullable
        URI link) {

    static WaitingForView of(Wait wait, @Nullable URI link) {
        return new WaitingForView(
                wait.kind().name().toLowerCase(Locale.ROOT), wait.state(), wait.since(), wait.message(), link);
    }
}
