package io.slipway.environments.emr;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The login of the index of packages, for builds on EMR clusters. It is read on the cluster, by the role of the build.
 *
 * @param credentials ARN of a secret of Secrets Manager, {@code {"username": …, "password": …}} or {@code user:password}; or of a domain or
 *     repository of CodeArtifact
 */
@ConfigurationProperties("slipway.environments.emr")
record EmrEnvironmentsSettings(@Nullable String credentials) {

    private static final String ARN =
            "arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\\d{12}:secret:\\S+|codeartifact:[a-z0-9-]+:\\d{12}:(domain|repository)/\\S+)";

    EmrEnvironmentsSettings {
        if (credentials != null && credentials.isBlank()) {
            credentials = null;
        }
        if (credentials != null && !credentials.matches(ARN)) {
            throw new IllegalArgumentException(
                    "slipway.environments.emr.credentials must be the ARN of a secret of Secrets Manager,"
                            + " or of a domain of CodeArtifact.");
        }
    }
}
