package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import java.time.Duration;

/**
 * The circuit breaker and the retry called {@code emr}; {@code resilience4j.*.instances.emr} in the settings replaces them. Throttling
 * is EMR at work, not EMR out of order: it is retried and never opens the breaker.
 */
final class Resilience {

    private static final String NAME = "emr";

    private Resilience() {}

    static CircuitBreaker breaker(CircuitBreakerRegistry registry) {
        return registry.circuitBreaker(
                NAME,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(20)
                        .minimumNumberOfCalls(10)
                        .waitDurationInOpenState(Duration.ofSeconds(15))
                        .recordException(EmrErrors::isOutage)
                        .build());
    }

    static Retry retry(RetryRegistry registry) {
        return registry.retry(
                NAME,
                RetryConfig.custom()
                        .maxAttempts(3)
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(400), 2.5))
                        .retryOnException(failure -> EmrErrors.isThrottling(failure) || EmrErrors.isOutage(failure))
                        .build());
    }
}
