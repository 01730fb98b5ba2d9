package io.slipway.artifacts.s3;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.common.circuitbreaker.configuration.CircuitBreakerConfigCustomizer;
import io.github.resilience4j.common.retry.configuration.RetryConfigCustomizer;
import io.github.resilience4j.retry.RetryRegistry;
import io.slipway.artifacts.ArtifactStore;
import java.time.Duration;
import java.util.function.Predicate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.utils.AttributeMap;

/** Keeps artifacts in the bucket that is set. Nothing here calls S3: the service starts, and serves what it knows, without it. */
@Configuration(proxyBeanMethods = false)
@Conditional(BucketIsSet.class)
class S3ArtifactsConfiguration {

    private static final Duration CONNECT = Duration.ofSeconds(3);

    @Bean
    ArtifactStore s3ArtifactStore(S3Settings settings, CircuitBreakerRegistry breakers, RetryRegistry retries) {
        return new S3ArtifactStore(client(settings), settings, new S3Calls(breakers, retries, settings.silence()));
    }

    /** So that {@code resilience4j.circuitbreaker.instances.s3} may set numbers without losing the sense for what is a failure. */
    @Bean
    CircuitBreakerConfigCustomizer s3CircuitBreaker() {
        return CircuitBreakerConfigCustomizer.of(S3Calls.NAME, config -> config.recordException(S3Failure::isOutage));
    }

    @Bean
    RetryConfigCustomizer s3Retry() {
        Predicate<Throwable> mayPass = S3Failure::mayPass;
        return RetryConfigCustomizer.of(S3Calls.NAME, config -> config.retryOnException(mayPass));
    }

    static S3Client client(S3Settings settings) {
        S3ClientBuilder builder = S3Client.builder()
                .forcePathStyle(settings.pathStyle())
                .httpClientBuilder(new Http(settings.silence()))
                // One attempt: repeating is left to S3Calls, where the circuit breaker sees each.
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallAttemptTimeout(settings.transferTimeout()));
        S3Settings.Checksums checksums = settings.checksums();
        if (checksums != null) {
            builder.requestChecksumCalculation(RequestChecksumCalculation.valueOf(checksums.name()));
            builder.responseChecksumValidation(ResponseChecksumValidation.valueOf(checksums.name()));
        }
        try {
            return builder.build();
        } catch (SdkClientException e) {
            throw new IllegalStateException(
                    "Bucket " + settings.bucket() + " (slipway.artifacts.s3.bucket) needs a region: set AWS_REGION. ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    /** The SDK closes a client that it was given a builder of. */
    private record Http(Duration silence) implements SdkHttpClient.Builder<Http> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            SdkHttpClient client = ApacheHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .connectionAcquisitionTimeout(silence)
                    .socketTimeout(silence)
                    .buildWithDefaults(defaults);
            return new ImpatientHttpClient(client, silence);
        }
    }
}
