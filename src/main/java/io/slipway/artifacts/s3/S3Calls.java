package io.slipway.artifacts.s3;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * How S3 is called: again when that may help, not at all while it is known to be down. Writes are repeated like reads, because the
 * bytes under a name never change. The numbers can be set under {@code resilience4j.circuitbreaker.instances.s3} and {@code
 * resilience4j.retry.instances.s3}.
 */
class S3Calls {

    static final String NAME = "s3";

    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final CircuitBreaker breaker;
    private final Retry retry;
    private final Duration silence;

    /** @param silence how long a call may go on without moving, all attempts together */
    S3Calls(CircuitBreakerRegistry breakers, RetryRegistry retries, Duration silence) {
        this.silence = silence;
        this.breaker = breakers.circuitBreaker(NAME, S3Calls::breakerConfig);
        this.retry = retries.retry(NAME, () -> retryConfig(FIRST_WAIT));
    }

    /** Throws what the last attempt threw. */
    <T> T call(Supplier<T> call) {
        Progress progress = Progress.begin();
        try {
            return retry.executeSupplier(() -> breaker.executeSupplier(() -> attempt(call, progress)));
        } finally {
            Progress.end();
        }
    }

    /** Another one is not worth it when half of the patience is spent: it would be cut off in its middle. */
    private <T> T attempt(Supplier<T> call, Progress progress) {
        try {
            return call.get();
        } catch (AbortedException stopped) {
            throw stopped;
        } catch (SdkClientException failure) {
            if (progress.silence().compareTo(silence.dividedBy(2)) > 0) {
                throw new S3Silent(failure);
            }
            throw failure;
        }
    }

    static CircuitBreakerConfig breakerConfig() {
        return CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(15))
                .permittedNumberOfCallsInHalfOpenState(3)
                // A large upload is slow and well.
                .slowCallDurationThreshold(Duration.ofHours(1))
                .recordException(S3Failure::isOutage)
                .build();
    }

    static RetryConfig retryConfig(Duration firstWait) {
        return RetryConfig.custom()
                .maxAttempts(4)
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(firstWait, 3.0, 0.5, LONGEST_WAIT))
                .retryOnException(S3Failure::mayPass)
                .build();
    }
}
