package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.slipway.artifacts.ArtifactStore;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EmrConfiguration {

    @Bean
    EmrComputeProvider emrComputeProvider(
            EmrSettings settings,
            ArtifactStore store,
            CircuitBreakerRegistry breakers,
            RetryRegistry retries,
            Clock clock) {
        return new EmrComputeProvider(
                settings, store, breakers, retries, clock, () -> EmrClients.create(settings, clock));
    }
}
