package io.slipway.provision;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which clusters of this installation are looked for.
 *
 * @param since made since then; {@code null} for whenever
 * @param endedToo also those that have ended, or are about to
 */
public record ClusterSearch(@Nullable Instant since, boolean endedToo) {

    /** All that were made since then, in whatever state: what is not among them was not made. */
    public static ClusterSearch madeSince(Instant time) {
        return new ClusterSearch(time, true);
    }

    /** All that cost money now. */
    public static ClusterSearch alive() {
        return new ClusterSearch(null, false);
    }
}
