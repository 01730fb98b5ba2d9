package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.Lease;
import java.time.Clock;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;

@Configuration(proxyBeanMethods = false)
class EmrConfiguration {

    @Bean
    @ConditionalOnProperty("slipway.compute.emr.events.queue-url")
    StepEvents stepEvents(EmrSettings settings, EmrComputeProvider clusters) {
        String queue = Objects.requireNonNull(settings.events().queueUrl());
        return new StepEvents(
                SqsClient.builder()
                        .httpClientBuilder(ApacheHttpClient.builder())
                        .build(),
                queue,
                clusters::names);
    }

    @Bean
    EmrComputeProvider emrComputeProvider(
            EmrSettings settings,
            ArtifactStore store,
            CircuitBreakerRegistry breakers,
            RetryRegistry retries,
            ClusterSightings sightings,
            Lease lease,
            MeterRegistry meters,
            Clock clock) {
        return new EmrComputeProvider(
                settings,
                store,
                breakers,
                retries,
                new CallBudget(settings.budget(), lease, clock, meters),
                meters,
                sightings::find,
                clock,
                () -> EmrClients.create(settings, clock, lease));
    }
}
