package io.slipway.environments;

import io.slipway.project.requirements.RequirementRules;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How Python environments are built.
 *
 * @param indexUrl of the index that packages come from, without a login in it; without one, as pip is configured on the machine that builds
 * @param extraIndexUrls further ones, used for requirements that are hashed alone: pip prefers none of them, and a stranger's package of
 *     the same name would do
 * @param allowSdists whether source distributions may be built, which runs their code on the machine that builds
 * @param allowUrls beginnings of addresses from which requirements may take wheels directly
 * @param maxPacked largest packed environment
 * @param maxUnpacked largest environment as it lies on a disk
 * @param timeout longest build
 * @param networkTimeout how long the index may be silent
 * @param maxAge after which an environment that not everything is hashed of is built anew
 * @param failuresKept how long requirements that failed are not tried again
 * @param indexAwayKept how long after a build that could not reach the index it is taken for away on that cluster: jobs that did not name
 *     the requirements of their project go without them at once. Only without an {@code indexUrl}; one that is named is waited for
 * @param tries how often a build is begun when the network, the machine or the cluster fails
 * @param pause before a build is begun again; twice as long each time
 * @param unused how long an environment that no job uses is kept
 */
@ConfigurationProperties("slipway.environments")
public record EnvironmentsSettings(
        @Nullable String indexUrl,
        @DefaultValue List<String> extraIndexUrls,
        @DefaultValue("false") boolean allowSdists,
        @DefaultValue List<String> allowUrls,
        @DefaultValue("2GB") DataSize maxPacked,
        @DefaultValue("6GB") DataSize maxUnpacked,
        @DefaultValue("30m") Duration timeout,
        @DefaultValue("15s") Duration networkTimeout,
        @DefaultValue("7d") Duration maxAge,
        @DefaultValue("1h") Duration failuresKept,
        @DefaultValue("30m") Duration indexAwayKept,
        @DefaultValue("3") int tries,
        @DefaultValue("30s") Duration pause,
        @DefaultValue("30d") Duration unused) {

    public EnvironmentsSettings {
        extraIndexUrls = List.copyOf(extraIndexUrls);
        allowUrls = List.copyOf(allowUrls);
        if (indexUrl != null && indexUrl.isBlank()) {
            indexUrl = null;
        }
        if (indexUrl != null && indexUrl.matches("[a-z]+://[^/]*@.*")) {
            throw new IllegalArgumentException("slipway.environments.index-url has a login in it, which would be shown."
                    + " Set slipway.environments.local.user and password instead.");
        }
        if (tries < 1) {
            throw new IllegalArgumentException("slipway.environments.tries must be 1 or more");
        }
    }

    RequirementRules rules() {
        return new RequirementRules(allowSdists, allowUrls);
    }
}
