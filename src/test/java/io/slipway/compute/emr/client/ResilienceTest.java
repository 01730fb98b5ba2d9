package io.slipway.compute.emr.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration;
import io.github.resilience4j.springboot.retry.autoconfigure.RetryAutoConfiguration;
import io.slipway.compute.ComputeUnavailable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.emr.model.EmrException;

class ResilienceTest {

    private static final Throwable THROTTLED = EmrException.builder()
            .statusCode(400)
            .awsErrorDetails(
                    AwsErrorDetails.builder().errorCode("ThrottlingException").build())
            .build();
    private static final Throwable NO_ANSWER = SdkClientException.create("no answer");

    @Test
    void whoeverSetsTheNumbersKeepsTheSenseForWhatIsAFailure() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CircuitBreakerAutoConfiguration.class, RetryAutoConfiguration.class))
                .withUserConfiguration(ResilienceConfiguration.class)
                .withPropertyValues(
                        "resilience4j.circuitbreaker.instances.emr.sliding-window-size=7",
                        "resilience4j.retry.instances.emr.max-attempts=2")
                .run(context -> {
                    CircuitBreakerConfig breaker = Resilience.breaker(context.getBean(CircuitBreakerRegistry.class))
                            .getCircuitBreakerConfig();
                    assertThat(breaker.getSlidingWindowSize()).isEqualTo(7);
                    assertThatItJudges(breaker);
                    var retry = Resilience.retry(context.getBean(RetryRegistry.class))
                            .getRetryConfig();
                    assertThat(retry.getMaxAttempts()).isEqualTo(2);
                    assertThat(retry.getExceptionPredicate()).accepts(THROTTLED, NO_ANSWER);
                    assertThat(retry.getExceptionPredicate()).rejects(new ComputeUnavailable.Spent("no token"));
                });
    }

    @Test
    void theUsualBreakerHasItToo() {
        assertThatItJudges(
                Resilience.breaker(CircuitBreakerRegistry.ofDefaults()).getCircuitBreakerConfig());
    }

    private static void assertThatItJudges(CircuitBreakerConfig breaker) {
        assertThat(breaker.getRecordExceptionPredicate()).accepts(NO_ANSWER);
        assertThat(breaker.getRecordExceptionPredicate())
                .as("throttling is EMR at work; what we stopped ourselves says nothing of EMR")
                .rejects(THROTTLED, AbortedException.create("dropped"));
        assertThat(breaker.getIgnoreExceptionPredicate()).accepts(new ComputeUnavailable.Spent("no token"));
    }
}
