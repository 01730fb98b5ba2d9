package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepOutput;
import io.slipway.aws.StepScript;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.OrderedClusters;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.client.CallBudget;
import io.slipway.compute.emr.client.EmrClients;
import io.slipway.compute.emr.client.EmrConnection;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.client.Resilience;
import io.slipway.compute.emr.launch.JobRules;
import io.slipway.compute.emr.launch.StepName;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.NewJob;
import io.slipway.jobs.Owner;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.ArtifactId;
import io.slipway.project.JobSpec;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** An EMR compute on a simulated cluster, made as the service makes it but for its endpoints and its patience. */
public final class EmrFixture implements AutoCloseable {

    static final String CLUSTER = "j-2AXXXXXXGAPLF";
    public static final ArtifactId PROJECT = MemoryArtifacts.PROJECT;
    static final EmrSettings.Limit PLENTY = new EmrSettings.Limit(10_000, 1_000);
    static final EmrSettings.Budget BUDGET = new EmrSettings.Budget(
            new EmrSettings.Total(100_000, 1_000),
            PLENTY,
            PLENTY,
            PLENTY,
            PLENTY,
            PLENTY,
            PLENTY,
            new EmrSettings.AppUi(10_000, 1_000));
    static final EmrSettings SETTINGS = settings(BUDGET);

    /** Jobs may have these roles. */
    static final String ROLES = "arn:aws:iam::123456789012:role/";

    private static JobRules rules(boolean live) {
        return new JobRules(
                Map.of(),
                List.of(),
                Set.of(Launch.Mode.CLUSTER),
                null,
                List.of(ROLES + "*"),
                JobRules.DEFAULT.container(),
                true,
                live);
    }

    final MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));
    final SimulatedEmr emr;
    final SimulatedS3 s3;
    final MemoryArtifacts store = new MemoryArtifacts();
    final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    final TestLease lease = new TestLease();
    final MeterRegistry meters = new SimpleMeterRegistry();
    ClusterHealth writtenDown;
    final Cluster compute;
    final EmrComputeProvider provider;
    private int orders;

    static EmrSettings settings(EmrSettings.Budget budget) {
        return new EmrSettings(
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                true,
                budget,
                true,
                new EmrSettings.Events(null));
    }

    EmrFixture() throws IOException {
        this(SETTINGS, 2);
    }

    EmrFixture(EmrSettings settings, int stepConcurrency) throws IOException {
        this(settings, stepConcurrency, "s3n://logs/emr");
    }

    /** @param logUri of the cluster; {@code null} for one that keeps no logs */
    EmrFixture(EmrSettings settings, int stepConcurrency, String logUri) throws IOException {
        this(settings, stepConcurrency, logUri, false);
    }

    /** Of a cluster whose drivers show what they print. */
    static EmrFixture live() throws IOException {
        return new EmrFixture(SETTINGS, 2, "s3n://logs/emr", true);
    }

    private EmrFixture(EmrSettings settings, int stepConcurrency, String logUri, boolean live) throws IOException {
        this.emr = SimulatedEmr.start(clock).withCluster(CLUSTER, stepConcurrency, logUri);
        this.s3 = SimulatedS3.start().withBucket("logs");
        emr.script(EmrFixture::scriptOf);
        this.provider = provider(settings, emr.endpoint());
        this.compute = provider.create(
                "analytics",
                new EmrClusterSettings(CLUSTER, null, Map.of(), List.of(), stepConcurrency, 300, rules(live)));
    }

    EmrComputeProvider provider(EmrSettings settings, URI endpoint) {
        RetryRegistry impatient = RetryRegistry.ofDefaults();
        RetryConfig usual = Resilience.retry(RetryRegistry.ofDefaults()).getRetryConfig();
        impatient.retry(
                "emr", RetryConfig.from(usual).intervalFunction(attempt -> 1L).build());
        return new EmrComputeProvider(
                new EmrClustersSettings(Map.of()),
                settings,
                store,
                ResultLimits.DEFAULT,
                new EmrConnection(
                        breakers,
                        impatient,
                        new CallBudget(settings.budget(), lease, clock, meters),
                        meters,
                        () -> clients(settings, endpoint, s3.endpoint())),
                OrderedClusters.NONE,
                name -> Optional.ofNullable(writtenDown),
                clock);
    }

    EmrClients clients(EmrSettings settings, URI endpoint, URI logs) {
        return EmrClients.create(
                settings,
                clock,
                lease,
                builder -> builder.region(Region.EU_CENTRAL_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                        .endpointOverride(builder instanceof S3ClientBuilder ? logs : endpoint));
    }

    /** Steps behave as their job is called. */
    private static StepScript scriptOf(String stepName) {
        if (stepName.startsWith("fails")) {
            return StepScript.failsAfter(Duration.ofSeconds(8), "Exception in thread \"main\"");
        }
        return stepName.startsWith("runs long")
                ? StepScript.runsLong()
                : StepScript.succeedsAfter(Duration.ofSeconds(10));
    }

    RunOrder order(String jobName) {
        return order(jobName, Map.of());
    }

    RunOrder order(String jobName, Map<String, String> sparkConf) {
        String key = "01J%023d-1".formatted(++orders);
        return new RunOrder(
                new RunRef(new SubmissionKey(key), null, clock.instant()),
                jobName,
                new LaunchPlan(PROJECT, "project.py", List.of("--day", "2026-01-05"), sparkConf, Map.of()));
    }

    /** A job in the queue, with an intent for it to be written yet. */
    Job job(String name, String executionRole) {
        Launch launch = new Launch(
                Launch.Layout.UNCHANGED,
                Launch.Mode.CLUSTER,
                null,
                Launch.DEFAULT.python(),
                executionRole,
                Launch.FailOn.NEVER);
        JobSpec spec = new JobSpec(
                name,
                "analytics",
                new JobSpec.Program("project.py", List.of(), launch),
                Map.of(),
                Map.of(),
                Map.of(),
                JobSpec.Limits.NONE);
        NewJob wanted = new NewJob(new Owner("alice"), name, "analytics", PROJECT, spec, null, "f".repeat(64));
        Job job = Job.receiving(new JobId("01K%023d".formatted(++orders)), wanted, clock.instant());
        job.queued(clock.instant());
        return job;
    }

    /** Under an intent that is written in this moment. */
    RunOrder orderOf(Job job) {
        return new RunOrder(new RunRef(job.submissionKey(), null, clock.instant()), job.name(), job.plan());
    }

    StartResult start(RunOrder order) {
        return Turns.start(compute, List.of(order)).get(0);
    }

    List<RunRef> startAll(String jobName, int count) {
        List<RunOrder> orders =
                IntStream.range(0, count).mapToObj(i -> order(jobName)).toList();
        List<StartResult> results = Turns.start(compute, orders);
        List<RunRef> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            runs.add(known(orders.get(i), results.get(i)));
        }
        return runs;
    }

    RunReport look(RunRef run) {
        List<RunReport> reports = Turns.observe(compute, List.of(run));
        return reports.isEmpty() ? null : reports.get(0);
    }

    static RunRef known(RunOrder order, StartResult result) {
        return new RunRef(
                order.run().submissionKey(),
                ((StartResult.Accepted) result).remoteId(),
                order.run().intentAt());
    }

    /** Puts a log into the clusters' bucket, compressed as EMR does it. */
    void putGzip(String key, String text) {
        s3.put("logs", key, StepOutput.gzip(text));
    }

    int starts(String submissionKey) {
        return (int) emr.steps(CLUSTER).stream()
                .filter(step -> StepName.key(step.name()).equals(Optional.of(new SubmissionKey(submissionKey))))
                .count();
    }

    @Override
    public void close() {
        provider.close();
        emr.close();
        s3.close();
    }
}
