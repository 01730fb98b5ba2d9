package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.aws.EmrEvents;
import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.SimulatedSqs;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterEventSource;
import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.OrderedClusters;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.emr.client.CallBudget;
import io.slipway.compute.emr.client.EmrClients;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.events.EventReader;
import io.slipway.compute.emr.events.StepEvents;
import io.slipway.compute.emr.launch.JobRules;
import io.slipway.compute.emr.launch.LiveLocations;
import io.slipway.compute.emr.live.LiveEnds;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The computes of many clusters of one account, with the default settings, and their queue of events: the code of the service and the
 * SDK's real clients against stand-ins whose time its owner moves.
 */
public final class EmrClusters implements AutoCloseable {

    public final SimulatedEmr emr;
    public final SimulatedS3 s3;
    public final SimulatedSqs queue;
    public final List<Cluster> computes = new ArrayList<>();
    public final ClusterEventSource events;
    private final EmrComputeProvider provider;
    private final SqsClient sqs;

    /**
     * @param settings under {@code slipway.compute.emr}, where they differ from the defaults
     * @param slots how many steps each cluster runs at once, and how many Slipway sends there
     */
    public EmrClusters(int count, int slots, Map<String, String> settings, MeterRegistry meters, MovableClock clock)
            throws IOException {
        this(count, slots, 0, settings, meters, clock);
    }

    /** @param lookAhead how many more of our steps wait in each cluster's queue */
    public EmrClusters(
            int count, int slots, int lookAhead, Map<String, String> settings, MeterRegistry meters, MovableClock clock)
            throws IOException {
        this(count, slots, lookAhead, JobRules.DEFAULT, settings, meters, clock);
    }

    /** Whose drivers tell of themselves in a store of their own. */
    public static EmrClusters live(
            int count, int slots, Map<String, String> settings, MeterRegistry meters, MovableClock clock)
            throws IOException {
        JobRules usual = JobRules.DEFAULT;
        JobRules rules = new JobRules(
                usual.sparkConf(),
                usual.deniedSparkConf(),
                usual.allowModes(),
                null,
                usual.allowExecutionRoles(),
                usual.container(),
                true,
                true);
        return new EmrClusters(count, slots, 0, rules, settings, meters, clock);
    }

    private EmrClusters(
            int count,
            int slots,
            int lookAhead,
            JobRules rules,
            Map<String, String> settings,
            MeterRegistry meters,
            MovableClock clock)
            throws IOException {
        this.s3 = SimulatedS3.start().withBucket("my-bucket");
        this.emr = SimulatedEmr.start(clock);
        this.queue = SimulatedSqs.start(clock).withoutLongPolls();
        EmrSettings bound = new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("slipway.compute.emr", EmrSettings.class);
        TestLease lease = new TestLease();
        this.provider = new EmrComputeProvider(
                new EmrClustersSettings(Map.of()),
                bound,
                new MemoryArtifacts(),
                ResultLimits.DEFAULT,
                new EmrConnection(
                        CircuitBreakerRegistry.ofDefaults(),
                        RetryRegistry.ofDefaults(),
                        new CallBudget(bound.budget(), lease, clock, meters),
                        meters,
                        () -> clients(bound, lease, clock)),
                OrderedClusters.NONE,
                name -> Optional.empty(),
                clock);
        for (int number = 1; number <= count; number++) {
            emr.withCluster(id(number), slots, null);
            EmrClusterSettings cluster =
                    new EmrClusterSettings(id(number), null, Map.of(), List.of(), slots, lookAhead, rules);
            computes.add(provider.create(name(number), cluster));
        }
        this.sqs = client(queue.endpoint());
        this.events = new StepEvents(sqs, queue.queueUrl(), new EventReader(provider::names));
    }

    public static String id(int number) {
        return "j-%013d".formatted(number);
    }

    public static String name(int number) {
        return "cluster-" + number;
    }

    /** Each change of a step comes as an event, this long after it. */
    public EmrClusters withEvents(Duration latency, MovableClock clock) {
        EmrEvents.connect(emr, queue, clock, latency);
        return this;
    }

    private EmrClients clients(EmrSettings settings, TestLease lease, MovableClock clock) {
        return EmrClients.create(
                settings,
                clock,
                lease,
                builder -> builder.region(Region.of(SimulatedS3.REGION))
                        .credentialsProvider(credentials())
                        .endpointOverride(builder instanceof S3ClientBuilder ? s3.endpoint() : emr.endpoint()));
    }

    /** The ends that drivers tell. */
    public LiveEnds ends(LiveEnds.Runs runs, MovableClock clock) {
        return new LiveEnds(
                provider::liveObjects,
                LiveLocations.of(new MemoryArtifacts(), new SubmissionKey("any")),
                busy -> true,
                runs,
                clock);
    }

    /** One look at those that were told. */
    public void look(LiveEnds ends, Function<ClusterEvent, CompletableFuture<Void>> handler) {
        ends.look(Objects.requireNonNull(provider.liveObjects()), handler);
    }

    public static SqsClient client(URI endpoint) {
        return EmrConfiguration.sqs(builder -> builder.region(Region.of(SimulatedS3.REGION))
                .credentialsProvider(credentials())
                .endpointOverride(endpoint));
    }

    private static StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"));
    }

    @Override
    public void close() {
        sqs.close();
        provider.close();
        emr.close();
        s3.close();
        queue.close();
    }
}
