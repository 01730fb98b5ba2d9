package io.slipway.compute;

import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where a cluster's news come from by themselves. They may be late, doubled, in any order, or missing: polling stays the truth. */
public interface ClusterEventSource {

    /**
     * Waits a while for news.
     *
     * @param handler its answer is complete when the runs of its events have been looked at and that is committed; when that fails, the source
     *     sends them again
     */
    void poll(Function<ClusterEvent, CompletableFuture<Void>> handler) throws InterruptedException;

    /**
     * Whether it is worth asking. A source that asks a store again and again, and that only runs fill, costs nothing while there are none.
     *
     * @param busyClusters the names of those on which there is something to do
     */
    default boolean mayHaveNews(Set<String> busyClusters) {
        return true;
    }

    /**
     * Something happened to a run, or to the cluster itself when no run is named.
     *
     * @param cluster its configured name
     * @param submissionKey of a run, perhaps of another installation
     * @param remoteId the cluster's name for it
     * @param phase what the run is said to be in; {@code null} when that is not said, or is new here
     * @param source who has noticed it
     */
    record ClusterEvent(
            String cluster,
            @Nullable SubmissionKey submissionKey,
            @Nullable String remoteId,
            @Nullable Phase phase,
            Source source) {

        /** Who has noticed that something happened. */
        public enum Source {
            /** What runs the run. */
            CLUSTER,
            /** The driver, whose program has begun. */
            DRIVER_STARTED,
            /** The driver, whose program has ended. */
            DRIVER_ENDED,
            /** The service, since the driver has said nothing for long. */
            SILENCE
        }

        public ClusterEvent(
                String cluster,
                @Nullable SubmissionKey submissionKey,
                @Nullable String remoteId,
                @Nullable Phase phase) {
            this(cluster, submissionKey, remoteId, phase, Source.CLUSTER);
        }

        /** The driver of the run shows itself for the first time. */
        public static ClusterEvent startOfProgram(String cluster, SubmissionKey submissionKey) {
            return new ClusterEvent(cluster, submissionKey, null, null, Source.DRIVER_STARTED);
        }

        /** The driver of the run says that its program has ended. */
        public static ClusterEvent endOfProgram(String cluster, SubmissionKey submissionKey) {
            return new ClusterEvent(cluster, submissionKey, null, null, Source.DRIVER_ENDED);
        }

        /** The driver of the run reported before, and does not any more. */
        public static ClusterEvent silentDriver(String cluster, SubmissionKey submissionKey) {
            return new ClusterEvent(cluster, submissionKey, null, null, Source.SILENCE);
        }

        public static ClusterEvent ofCluster(String cluster) {
            return new ClusterEvent(cluster, null, null, null);
        }
    }
}
