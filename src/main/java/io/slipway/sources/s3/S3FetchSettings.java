package io.slipway.sources.s3;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sources in S3 are fetched.
 *
 * @param pathStyle whether the bucket is in the path of a URL instead of its host name, as most S3-compatible stores need it
 * @param timeout for a whole source; the request of the job waits for it
 * @param silence how long S3 may be silent in between
 * @param connections at once, for a source of many objects
 * @param prefixesAtOnce how many sources of many objects are listed and fetched at once in this replica, each of which holds its listing
 *     in memory (35 MB at most); others wait for their turn within their timeout
 */
@ConfigurationProperties("slipway.sources.s3.fetch")
record S3FetchSettings(
        @DefaultValue("false") boolean pathStyle,
        @DefaultValue("45s") Duration timeout,
        @DefaultValue("10s") Duration silence,
        @DefaultValue("8") int connections,
        @DefaultValue("2") int prefixesAtOnce) {}
