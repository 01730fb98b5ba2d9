package io.slipway.livy;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Livy's way in.
 *
 * @param enabled whether {@code /livy/batches} answers
 * @param port a port of its own, where {@code /batches} answers and nothing else does, without TLS; 0 for none. Livy's own is 8998
 */
@ConfigurationProperties("slipway.livy")
record LivySettings(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("0") int port) {}
