package io.slipway.artifacts.local;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Home;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Keeps artifacts on this machine as long as {@code slipway.artifacts.s3.bucket} names no bucket. */
@Configuration(proxyBeanMethods = false)
@Conditional(LocalArtifactsConfiguration.NoBucketIsSet.class)
class LocalArtifactsConfiguration {

    @Bean
    ArtifactStore localArtifactStore(Home home, LocalArtifactsSettings settings) {
        if (!settings.enabled()) {
            throw new IllegalStateException(
                    "Projects would be kept in files of this machine, which"
                            + " slipway.artifacts.local.enabled=false forbids (profile aws sets it). Set slipway.artifacts.s3.bucket.");
        }
        try {
            return new LocalArtifactStore(home.artifacts());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "slipway.home is " + home.home() + ", where artifacts cannot be kept: " + e
                            + ". Choose another folder" + " or make it writable.",
                    e);
        }
    }

    /** An empty value counts as none: that is how a compose file passes on a variable that is not set. */
    static class NoBucketIsSet implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("slipway.artifacts.s3.bucket"));
        }
    }
}
