package io.slipway.api.stream;

import io.slipway.jobs.feed.FeedFilter;

/**
 * Who reads what.
 *
 * @param after the position that they have read up to
 * @param endsWithJob whether the stream is over when the one job's story is
 */
public record Reader(String owner, FeedFilter filter, long after, boolean endsWithJob) {}
