package io.slipway.environments.local;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Home;
import io.slipway.environments.EnvironmentsSettings;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class LocalEnvironmentsConfiguration {

    @Bean
    LocalEnvironmentBuilder localEnvironmentBuilder(
            EnvironmentsSettings settings,
            LocalEnvironmentsSettings login,
            Environment properties,
            Home home,
            ArtifactStore store,
            Clock clock) {
        if (settings.allowSdists() && login.password() != null) {
            throw new IllegalStateException(
                    "slipway.environments.allow-sdists runs code of packages while pip holds the"
                            + " login of the index (slipway.environments.local.password). Set one of the two.");
        }
        String python = properties.getProperty("slipway.compute.local.python", "python3");
        return new LocalEnvironmentBuilder(
                new BuilderProgram(python, System.getenv()), home.environments(), store, settings, login, clock);
    }
}
