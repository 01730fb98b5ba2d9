package io.slipway.provision.emr;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.provision.Installation;
import java.time.Clock;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class EmrProvisionConfiguration {

    @Bean
    EmrClusterProvider emrClusterProvider(
            Environment environment,
            EmrConnection connection,
            EmrSettings settings,
            ArtifactStore store,
            Installation installation,
            Clock clock) {
        return new EmrClusterProvider(
                EmrTemplates.of(Binder.get(environment)), connection, settings, store, installation::id, clock);
    }
}
