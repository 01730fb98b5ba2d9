package io.slipway.compute.emr.client;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.slipway.compute.ComputeUnavailable;
import java.time.Duration;

/**
 * The circuit breaker and the retry called {@code emr}; {@code resilience4j.*.instances.emr} in the settings replaces their numbers, not
 * what counts as a failure. Throttling is EMR at work, not EMR out of order: it is retried and never opens the breaker.
 */
public final class Resilience {

    static final String NAME = "emr";

    private Resilience() {}

    public static CircuitBreaker breaker(CircuitBreakerRegistry registry) {
        return registry.circuitBreaker(
                NAME,
                judging(CircuitBreakerConfig.custom()
                                .slidingWindowSize(20)
                                .minimumNumberOfCalls(10)
                                .waitDurationInOpenState(Duration.ofSeconds(15)))
                        .build());
    }

    static CircuitBreakerConfig.Builder judging(CircuitBreakerConfig.Builder config) {
        // A call that was never made for want of a token is neither a success nor a failure of EMR.
        return config.recordException(EmrErrors::isOutage).ignoreExceptions(ComputeUnavailable.Spent.class);
    }

    public static Retry retry(RetryRegistry registry) {
        return registry.retry(
                NAME,
                judging(RetryConfig.custom()
                                .maxAttempts(3)
                                .intervalFunction(
                                        IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(400), 2.5)))
                        .build());
    }

    static <T> RetryConfig.Builder<T> judging(RetryConfig.Builder<T> config) {
        return config.retryOnException(failure -> EmrErrors.isThrottling(failure) || EmrErrors.isOutage(failure));
    }
}
