package io.slipway.api.stream;

import io.slipway.jobs.feed.FeedFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who reads what.
 *
 * @param after the position that they have read up to
 * @param endsWithJob whether the stream is over when the one job's story is
 * @param awaitsUntil how long they wait for why the one job failed, which has ended; {@code null} when the stream's lines tell
 */
public record Reader(
        String owner,
        FeedFilter filter,
        long after,
        boolean endsWithJob,
        @Nullable Instant awaitsUntil) {}
