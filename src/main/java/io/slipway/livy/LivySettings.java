package io.slipway.livy;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Livy's way in.
 *
 * @param enabled whether {@code /livy/batches} answers
 */
@ConfigurationProperties("slipway.livy")
record LivySettings(@DefaultValue("false") boolean enabled) {}
