package io.slipway.chaos;

import io.slipway.aws.EmrFault;
import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepScript;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * EMR and S3 in bad weather. All windows and quotas are scaled down together, by about a hundred: what takes AWS five minutes takes it
 * four seconds here, and calls that EMR allows twice in four seconds come at fifty a second.
 */
final class Cloud implements AutoCloseable {

    static final String CLUSTER = "j-2CHAOS000001";
    private static final double FASTER = 100;
    private static final Duration SIGNATURE_LIFETIME = Duration.ofSeconds(4);
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(4);

    final SimulatedEmr emr;
    final SimulatedS3 s3;
    final AtomicInteger faults = new AtomicInteger();
    private final AtomicReference<Supplier<EmrFault>> ambush = new AtomicReference<>();
    private final Random random;

    Cloud(long seed) throws IOException {
        this.random = new Random(seed);
        this.emr = SimulatedEmr.start(Clock.systemUTC()).withCluster(CLUSTER, 10, "s3://artifacts/logs/");
        this.s3 = SimulatedS3.start().withBucket("artifacts");
        emr.script(this::scriptOf);
        emr.limitCalls(FASTER);
        emr.refuseOldSignatures(Clock.systemUTC(), SIGNATURE_LIFETIME);
        emr.listingLag(CLUSTER, Duration.ofMillis(200));
        emr.weather(this::weather);
    }

    /** How a step ends is in its job's name. */
    private StepScript scriptOf(String stepName) {
        Duration runs = Duration.ofMillis(200 + random.nextInt(1500));
        return stepName.startsWith("fails")
                ? StepScript.failsAfter(runs, "Exception in thread \"main\"")
                : stepName.startsWith("interrupted")
                        ? new StepScript(runs, "INTERRUPTED", null)
                        : StepScript.succeedsAfter(runs);
    }

    private EmrFault weather(String operation) {
        boolean submits = operation.equals("AddJobFlowSteps");
        Supplier<EmrFault> trap = submits ? ambush.getAndSet(null) : null;
        if (trap != null) {
            faults.incrementAndGet();
            return trap.get();
        }
        if (random.nextInt(100) >= (submits ? 40 : 12)) {
            return null;
        }
        faults.incrementAndGet();
        List<EmrFault> possible = new ArrayList<>(List.of(
                EmrFault.throttled(),
                EmrFault.error(),
                EmrFault.closed(),
                EmrFault.closedAfterAll(),
                EmrFault.slow(CALL_DEADLINE.multipliedBy(5).dividedBy(4))));
        if (submits) {
            possible.addAll(List.of(
                    EmrFault.throttledAfterAll(),
                    EmrFault.errorAfterAll(),
                    EmrFault.partlyTaken(),
                    EmrFault.errorAfterHalf(),
                    EmrFault.late(SIGNATURE_LIFETIME.dividedBy(2)),
                    EmrFault.late(SIGNATURE_LIFETIME.plusSeconds(1))));
        }
        return possible.get(random.nextInt(possible.size()));
    }

    /** Happens when the next AddJobFlowSteps call arrives, before EMR looks at it. */
    void ambushNextSubmit(Supplier<EmrFault> trap) {
        ambush.set(trap);
    }

    boolean isAmbushOver() {
        return ambush.get() == null;
    }

    /** Something goes wrong with the next calls to S3 too. */
    void disturbS3() {
        if (random.nextInt(10) > 0) {
            return;
        }
        List<S3Fault> possible =
                List.of(S3Fault.error(S3Error.INTERNAL_ERROR), S3Fault.closedBefore(), S3Fault.closedAfter());
        s3.failNext("PutObject", possible.get(random.nextInt(possible.size())));
        faults.incrementAndGet();
    }

    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_ENDPOINT_URL_EMR", emr.endpoint().toString());
        environment.put("AWS_ENDPOINT_URL_S3", s3.endpoint().toString());
        environment.put("AWS_REGION", SimulatedS3.REGION);
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("AWS_CONFIG_FILE", "/dev/null");
        return environment;
    }

    List<String> settings() {
        List<String> settings = new ArrayList<>(List.of(
                "--slipway.artifacts.s3.bucket=artifacts",
                "--slipway.artifacts.s3.path-style=true",
                "--slipway.clusters.chaos.emr.cluster-id=" + CLUSTER,
                "--slipway.clusters.chaos.emr.step-concurrency=10",
                "--slipway.clusters.chaos.emr.look-ahead=10",
                "--slipway.compute.emr.call-deadline=" + CALL_DEADLINE.toMillis() + "ms",
                "--slipway.compute.emr.signature-lifetime=" + SIGNATURE_LIFETIME.toMillis() + "ms",
                "--slipway.compute.emr.clock-margin=1s",
                "--slipway.compute.emr.look-back=3s",
                "--slipway.compute.emr.read-timeout=2s",
                "--slipway.compute.emr.pace=300ms",
                "--slipway.compute.emr.cluster-age=1s",
                "--slipway.reconcile.tick=200ms",
                "--slipway.reconcile.cancel-again=2s",
                "--slipway.reconcile.lease=2s",
                "--resilience4j.circuitbreaker.instances.emr.wait-duration-in-open-state=1s",
                "--resilience4j.circuitbreaker.instances.s3.wait-duration-in-open-state=1s"));
        settings.add("--slipway.compute.emr.budget.total.per-second=450");
        for (String api :
                List.of("add-job-flow-steps", "cancel-steps", "list-steps", "describe-step", "describe-cluster")) {
            settings.add("--slipway.compute.emr.budget." + api + ".per-second=45");
        }
        return settings;
    }

    @Override
    public void close() {
        emr.close();
        s3.close();
    }
}
