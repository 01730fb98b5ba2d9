package io.slipway.compute.emr.client;

import io.slipway.compute.Lease;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The SDK's clients. The one for AddJobFlowSteps and RunJobFlow makes a single attempt: EMR has no idempotency token, so the SDK's own retry after a
 * time-out is how a job comes to run twice. Region, credentials and endpoint are the SDK's own ({@code AWS_REGION}, {@code
 * AWS_ENDPOINT_URL_EMR}, {@code AWS_ENDPOINT_URL_S3} …).
 *
 * @param reads for everything that may be repeated; retried by {@link EmrCalls} alone, so that retries are counted once
 * @param submit for calls that make something and must be made once, such as AddJobFlowSteps and RunJobFlow
 * @param logs for the bucket of the clusters' logs, which need not be the one of the artifacts
 */
public record EmrClients(EmrClient reads, EmrClient submit, S3Client logs) implements AutoCloseable {

    // A pooled connection that the other side has closed meanwhile fails after the call has left: that makes an unknown
    // outcome, and minutes of waiting, out of nothing.
    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(4);

    // Somebody waits for what a log says. The longest answer is that to its beginning; a body comes as long as it
    // comes.
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(15);

    public static EmrClients create(EmrSettings settings, Clock clock, Lease lease) {
        try {
            return create(settings, clock, lease, builder -> {});
        } catch (SdkClientException e) {
            throw new IllegalStateException(
                    "The AWS SDK is not configured for the EMR clusters under slipway.clusters (AWS_REGION is needed): "
                            + e.getMessage(),
                    e);
        }
    }

    /** @param also what is set on each client besides */
    public static EmrClients create(
            EmrSettings settings, Clock clock, Lease lease, Consumer<AwsClientBuilder<?, ?>> also) {
        var reads = EmrClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(settings.readTimeout()));
        var submit = EmrClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder().connectionMaxIdleTime(IDLE_CONNECTION))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallTimeout(settings.callDeadline())
                        .addExecutionInterceptor(new StaleIntentInterceptor(clock, settings.callDeadline(), lease)));
        // Clusters may write their logs to a bucket of another region.
        var logs = S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(SILENCE)
                        .socketTimeout(SILENCE))
                .overrideConfiguration(config -> config.apiCallTimeout(LONGEST_ANSWER))
                .crossRegionAccessEnabled(true)
                .forcePathStyle(settings.logPathStyle());
        also.accept(reads);
        also.accept(submit);
        also.accept(logs);
        return new EmrClients(reads.build(), submit.build(), logs.build());
    }

    public Region region() {
        return reads.serviceClientConfiguration().region();
    }

    @Override
    public void close() {
        reads.close();
        submit.close();
        logs.close();
    }
}
