package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.compute.Cluster;
import io.slipway.compute.OrderedClusters;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.emr.client.CallBudget;
import io.slipway.compute.emr.client.EmrClients;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.client.Resilience;
import io.slipway.compute.emr.launch.JobRules;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3BaseClientBuilder;

/** An account without a cluster, where clusters are made: the code of the service and the SDK's real clients against the stand-in. */
public final class OrderedEmr implements AutoCloseable {

    public final SimulatedEmr emr;
    public final EmrConnection connection;
    public final EmrSettings settings;
    public final ArtifactStore store = new MemoryArtifacts();
    private final TestLease lease = new TestLease();
    public final MovableClock clock;
    /** With the bucket of the clusters' logs. */
    public final SimulatedS3 s3 = SimulatedS3.start().withBucket("my-logs");

    public OrderedEmr(MovableClock clock, MeterRegistry meters) throws IOException {
        this.clock = clock;
        this.emr = SimulatedEmr.start(clock);
        this.settings = new Binder(new MapConfigurationPropertySource(Map.of(
                        "slipway.compute.emr.log-path-style", "true",
                        "slipway.compute.emr.budget.total.burst", "10000",
                        "slipway.compute.emr.budget.total.per-second", "1000",
                        "slipway.compute.emr.budget.list-steps.burst", "10000",
                        "slipway.compute.emr.budget.describe-cluster.burst", "10000",
                        "slipway.compute.emr.budget.list-clusters.burst", "10000",
                        "slipway.compute.emr.budget.run-job-flow.burst", "10000",
                        "slipway.compute.emr.budget.terminate-job-flows.burst", "10000",
                        "slipway.compute.emr.budget.add-job-flow-steps.burst", "10000")))
                .bindOrCreate("slipway.compute.emr", EmrSettings.class);
        RetryRegistry impatient = RetryRegistry.ofDefaults();
        RetryConfig usual = Resilience.retry(RetryRegistry.ofDefaults()).getRetryConfig();
        impatient.retry(
                "emr", RetryConfig.from(usual).intervalFunction(attempt -> 1L).build());
        this.connection = new EmrConnection(
                CircuitBreakerRegistry.ofDefaults(),
                impatient,
                new CallBudget(settings.budget(), lease, clock, meters),
                meters,
                this::clients);
    }

    private EmrClients clients() {
        return EmrClients.create(
                settings,
                clock,
                lease,
                builder -> builder.region(Region.of(SimulatedS3.REGION))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                        .endpointOverride(builder instanceof S3BaseClientBuilder ? s3.endpoint() : emr.endpoint()));
    }

    public void leads(boolean held) {
        lease.held = held;
        lease.term++;
    }

    /** The compute of a configured name whose clusters are made to order. */
    public Cluster compute(String name, OrderedClusters ordered) {
        EmrComputeProvider provider = new EmrComputeProvider(
                new EmrClustersSettings(Map.of()),
                settings,
                store,
                ResultLimits.DEFAULT,
                connection,
                ordered,
                id -> Optional.empty(),
                clock);
        return provider.create(
                name,
                new EmrClusterSettings(
                        null, null, Map.of(), List.of(), 1, 2, JobRules.DEFAULT, Map.of("release", "emr-7.14.0")));
    }

    @Override
    public void close() {
        connection.close();
        emr.close();
        s3.close();
    }
}
