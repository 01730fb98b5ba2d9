package io.slipway.compute;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a cluster's news come from by themselves. They may be late, doubled, in any order, or missing: polling stays the truth. */
public interface HintSource {

    /**
     * Waits a while for news.
     *
     * @param handler returns when what it was told of has been looked at; what it throws makes the source tell it again
     */
    void poll(Consumer<List<Hint>> handler) throws InterruptedException;

    /**
     * Something happened to a run, or to the cluster itself when no run is named.
     *
     * @param cluster its configured name
     * @param submissionKey of a run, perhaps of another installation
     * @param remoteId the cluster's name for it
     */
    record Hint(
            String cluster,
            @Nullable String submissionKey,
            @Nullable String remoteId) {}
}
