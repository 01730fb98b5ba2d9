package io.slipway.api;

import io.slipway.provision.ClusterWait;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Instant;

/** What a job in the queue waits for, beside its turn. */
@Schema(name = "WaitingFor")
record WaitingForView(
        @Schema(allowableValues = "cluster", example = "cluster")
        String kind,

        @Schema(
                description =
                        "Of the cluster's order; `FAILED`: it is tried again, `PAUSED`: not before an operator resumes it.",
                example = "STARTING")
        String state,

        Instant since,

        @Schema(example = "Cluster j-2AXXXXXXGAPLF is starting.")
        String message,

        URI link) {

    static WaitingForView of(ClusterWait wait, URI link) {
        return new WaitingForView("cluster", wait.state(), wait.since(), wait.message(), link);
    }
}
