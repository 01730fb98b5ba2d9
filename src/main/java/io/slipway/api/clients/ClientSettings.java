package io.slipway.api.clients;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What clients may take of the server. At most half of {@code server.tomcat.threads.max} wait for clients at once, with virtual
 * threads too.
 *
 * @param headers in which a request's line and headers have to be there
 * @param patience time that a body, or the reader of an answer, may keep a thread waiting, whatever comes of it
 * @param slowest bytes a second that have to come, or to be taken, after that
 * @param maxBody longest body of a request that is no upload
 * @param ofOwner threads that may wait for the clients of one owner; 0 for half of all that may wait
 * @param ofNobody threads that may wait for clients without a valid token; 0 for a quarter of all that may wait
 */
@ConfigurationProperties("slipway.api.clients")
public record ClientSettings(
        @DefaultValue("10s") Duration headers,
        @DefaultValue("30s") Duration patience,
        @DefaultValue("10KB") DataSize slowest,
        @DefaultValue("64KB") DataSize maxBody,
        @DefaultValue("0") int ofOwner,
        @DefaultValue("0") int ofNobody) {

    public ClientSettings {
        if (headers.toMillis() <= 0 || patience.toMillis() <= 0 || slowest.toBytes() <= 0 || maxBody.toBytes() <= 0) {
            throw new IllegalArgumentException("slipway.api.clients: all values must be greater than zero");
        }
    }
}
