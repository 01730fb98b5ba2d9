package io.slipway.environments.local;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The login of the index of packages, for builds on this machine. It is handed to pip in a file that is gone before anything else happens.
 *
 * @param user of {@code slipway.environments.index-url} and of the extra ones
 * @param password of the user
 */
@ConfigurationProperties("slipway.environments.local")
record LocalEnvironmentsSettings(
        @Nullable String user, @Nullable String password) {

    @Override
    public String toString() {
        return "LocalEnvironmentsSettings[user=" + user + "]";
    }
}
