package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.jobs.SubmissionKey;
import java.net.URI;

/**
 * Where the driver of one run shows what it prints while it runs, where it says that its program has ended, and where its results go. All begin with the team
 * whose run it is, so that roles can be kept apart by the beginning of a key.
 */
public record LiveLocations(URI folder, URI end, URI results) {

    /** As long as there are no teams, all runs are of one. */
    public static final String TEAM = "default";

    public static LiveLocations of(ArtifactStore store, SubmissionKey submissionKey) {
        URI beside = store.uri(ArtifactName.launch(submissionKey.value()));
        return new LiveLocations(
                beside.resolve("../live/" + TEAM + "/" + submissionKey),
                beside.resolve("../live-ends/" + TEAM + "/" + submissionKey),
                beside.resolve("../results/" + TEAM + "/" + submissionKey));
    }
}
