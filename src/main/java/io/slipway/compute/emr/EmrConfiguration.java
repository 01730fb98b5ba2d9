package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.Lease;
import io.slipway.compute.OrderedClusters;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.emr.client.CallBudget;
import io.slipway.compute.emr.client.EmrClients;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.events.EventReader;
import io.slipway.compute.emr.events.StepEvents;
import io.slipway.compute.emr.launch.LiveLocations;
import io.slipway.compute.emr.live.LiveEnds;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.SubmissionKey;
import java.time.Clock;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

@Configuration(proxyBeanMethods = false)
class EmrConfiguration {

    @Bean
    @ConditionalOnProperty("slipway.compute.emr.events.queue-url")
    StepEvents stepEvents(EmrSettings settings, EmrComputeProvider clusters) {
        String queue = Objects.requireNonNull(settings.events().queueUrl());
        return new StepEvents(sqs(builder -> {}), queue, new EventReader(clusters::names));
    }

    @Bean
    LiveEnds liveEnds(EmrComputeProvider clusters, ArtifactStore store, Jobs jobs, Clock clock) {
        return new LiveEnds(
                clusters::liveObjects,
                LiveLocations.of(store, new SubmissionKey("any")),
                clusters::haveLiveDrivers,
                jobs::clustersOfLive,
                clock);
    }

    /** @param also what is set on the client besides */
    static SqsClient sqs(Consumer<SqsClientBuilder> also) {
        SqsClientBuilder builder = SqsClient.builder().httpClientBuilder(ApacheHttpClient.builder());
        also.accept(builder);
        return builder.build();
    }

    @Bean
    EmrConnection emrConnection(
            EmrSettings settings,
            CircuitBreakerRegistry breakers,
            RetryRegistry retries,
            Lease lease,
            MeterRegistry meters,
            Clock clock) {
        return new EmrConnection(
                breakers,
                retries,
                new CallBudget(settings.budget(), lease, clock, meters),
                meters,
                () -> EmrClients.create(settings, clock, lease));
    }

    @Bean
    EmrComputeProvider emrComputeProvider(
            EmrClustersSettings configured,
            EmrSettings settings,
            ArtifactStore store,
            ResultLimits limits,
            EmrConnection connection,
            OrderedClusters ordered,
            ClusterSightings sightings,
            Clock clock) {
        return new EmrComputeProvider(configured, settings, store, limits, connection, ordered, sightings::find, clock);
    }
}
