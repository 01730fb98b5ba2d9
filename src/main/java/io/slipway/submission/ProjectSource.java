package io.slipway.submission;

import io.slipway.jobs.JobId;
import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import org.jspecify.annotations.Nullable;

/** Where the project of a submission comes from. */
public sealed interface ProjectSource {

    /**
     * What came with the request; the caller keeps it until the submission returns.
     *
     * @param fileName as the client named it
     */
    record Upload(HeldBytes bytes, String fileName) implements ProjectSource {}

    /** A project that the same owner sent before, by its id. */
    record Stored(ArtifactId projectId) implements ProjectSource {}

    /**
     * A project that the service fetches from where it is; nothing of it comes with the request.
     *
     * @param uri as it was asked for
     * @param version that it must still have, as a plan has shown it; {@code null} for whatever is there
     */
    record Remote(String uri, @Nullable String version) implements ProjectSource {

        /** In the version that it has. */
        public Remote(String uri) {
            this(uri, null);
        }
    }

    /** The project of an earlier job of the same owner. */
    record OfJob(JobId jobId) implements ProjectSource {}
}
