package io.slipway.compute.emr.client;

import io.github.resilience4j.common.circuitbreaker.configuration.CircuitBreakerConfigCustomizer;
import io.github.resilience4j.common.retry.configuration.RetryConfigCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** So that {@code resilience4j.*.instances.emr} may set numbers without losing the sense for what is a failure. */
@Configuration(proxyBeanMethods = false)
class ResilienceConfiguration {

    @Bean
    CircuitBreakerConfigCustomizer emrCircuitBreaker() {
        return CircuitBreakerConfigCustomizer.of(Resilience.NAME, Resilience::judging);
    }

    @Bean
    RetryConfigCustomizer emrRetry() {
        return RetryConfigCustomizer.of(Resilience.NAME, Resilience::judging);
    }
}
