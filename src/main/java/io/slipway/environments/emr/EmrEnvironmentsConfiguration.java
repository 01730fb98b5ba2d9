package io.slipway.environments.emr;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.Home;
import io.slipway.artifacts.ReferredArtifacts;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.client.EmrTargets;
import io.slipway.environments.EnvironmentsSettings;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
class EmrEnvironmentsConfiguration {

    @Bean
    EmrEnvironmentBuilder emrEnvironmentBuilder(
            EmrTargets targets,
            EmrConnection connection,
            EmrSettings emr,
            EnvironmentsSettings settings,
            EmrEnvironmentsSettings login,
            ArtifactStore store,
            ReferredArtifacts artifacts,
            PlatformTransactionManager transactions,
            Home home,
            Clock clock) {
        if (settings.allowSdists() && login.credentials() != null) {
            throw new IllegalStateException(
                    "slipway.environments.allow-sdists runs code of packages while pip holds the login of"
                            + " the index (slipway.environments.emr.credentials). Set one of the two.");
        }
        Publishing publishing =
                new Publishing(store, new HeldArtifacts(artifacts, transactions, clock), home.incoming(), settings);
        return new EmrEnvironmentBuilder(
                targets,
                connection,
                emr,
                settings,
                new BuildOrders(store, settings, login, BuildOrders.BUSY),
                publishing,
                clock);
    }
}
