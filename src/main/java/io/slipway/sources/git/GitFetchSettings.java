package io.slipway.sources.git;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How sources in git are fetched.
 *
 * @param timeout for a whole source
 * @param silence how long the host may be silent in between
 * @param maxPack what the host may send for one source, packed
 * @param maxFile the largest single file; some of them are held in memory while a pack is read
 * @param atOnce how many are fetched at once in this replica; others wait for their turn within their timeout
 */
@ConfigurationProperties("slipway.sources.git.fetch")
record GitFetchSettings(
        @DefaultValue("45s") Duration timeout,
        @DefaultValue("10s") Duration silence,
        @DefaultValue("1GB") DataSize maxPack,
        @DefaultValue("64MB") DataSize maxFile,
        @DefaultValue("2") int atOnce) {}
