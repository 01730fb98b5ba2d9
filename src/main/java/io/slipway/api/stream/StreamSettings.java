package io.slipway.api.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Streams of events, and logs that are followed.
 *
 * @param most open at once in this replica; more are answered 503
 * @param mostOfOwner open at once for one owner in this replica; more are answered 429
 * @param buffer what may lie ready for one reader; with more, news waits in the database until they took it
 * @param patience in which a reader takes what lies ready; who does not is dropped, and can come back to where they were
 * @param heartbeat after which a silent stream gets a comment, which keeps proxies patient and finds readers that are gone
 * @param retry after which a browser comes back
 * @param longest after which a stream ends: its reader comes back to where it was, and is asked again who it is
 */
@ConfigurationProperties("slipway.api.stream")
record StreamSettings(
        @DefaultValue("1000") int most,
        @DefaultValue("300") int mostOfOwner,
        @DefaultValue("256KB") DataSize buffer,
        @DefaultValue("10s") Duration patience,
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("2s") Duration retry,
        @DefaultValue("15m") Duration longest) {

    StreamSettings {
        if (most < 0 || mostOfOwner < 0 || buffer.toBytes() < 16_384 || heartbeat.toMillis() < 100) {
            throw new IllegalArgumentException("slipway.api.stream: most and most-of-owner must not be negative, buffer"
                    + " at least 16KB and heartbeat at least 100ms");
        }
    }
}
