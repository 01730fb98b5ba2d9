package io.slipway.chaos;

import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.EmrEvents;
import io.slipway.aws.EmrFault;
import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.SimulatedSqs;
import io.slipway.aws.StepScript;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** EMR and S3 in bad weather, as much faster than in the world as the scale says. */
final class Cloud implements AutoCloseable {

    static final String CLUSTER = "j-2CHAOS000001";

    /** Small, so that a hundred jobs are dozens of calls. */
    private static final int STEP_CONCURRENCY = 6;

    private static final int LOOK_AHEAD = 4;

    /** How AWS and our defaults are in the world. */
    private static final Duration SIGNATURE_LIFETIME = Duration.ofMinutes(5);

    private static final Duration CALL_DEADLINE = Duration.ofSeconds(10);
    private static final Duration CLOCK_MARGIN = Duration.ofMinutes(1);

    private static final Pattern KEY = Pattern.compile(".*\\[(.*)-(\\d+)(?:\\.\\d+)?]");

    final SimulatedEmr emr;
    final SimulatedS3 s3;
    final AtomicInteger faults = new AtomicInteger();
    /** Attempts that began while an application of an earlier one still ran. */
    final List<String> overlaps = new CopyOnWriteArrayList<>();

    private final ScheduledExecutorService time = Executors.newSingleThreadScheduledExecutor();
    private @Nullable SimulatedSqs news;
    private final Scale scale;
    private final AtomicReference<Supplier<EmrFault>> ambush = new AtomicReference<>();
    private final Random random;
    private volatile boolean calmer;

    Cloud(long seed, Scale scale) throws IOException {
        this.scale = scale;
        this.random = new Random(seed);
        this.emr = SimulatedEmr.start(Clock.systemUTC()).withCluster(CLUSTER, STEP_CONCURRENCY, "s3://artifacts/logs/");
        this.s3 = SimulatedS3.start().withBucket("artifacts");
        emr.script(this::scriptOf);
        emr.limitCalls(scale.factor());
        emr.refuseOldSignatures(Clock.systemUTC(), scale.of(SIGNATURE_LIFETIME));
        emr.listingLag(CLUSTER, scale.of(Duration.ofSeconds(3)));
        emr.pickUpTakes(CLUSTER, scale.of(Duration.ofSeconds(5)));
        emr.cancelTakes(CLUSTER, scale.of(Duration.ofSeconds(10)));
        emr.weather(this::weather);
    }

    /** From now on changes are told, too, as EventBridge does it: late, in any order, some twice, and some never. */
    Cloud withEvents() throws IOException {
        SimulatedSqs queue = SimulatedSqs.start(Clock.systemUTC()).visibility(scale.of(Duration.ofSeconds(60)));
        news = queue;
        emr.onChange((cluster, step) -> {
            String event = EmrEvents.ofStep(Clock.systemUTC(), cluster, step.id(), step.name(), step.state());
            int dice = random.nextInt(10);
            for (int copies = dice == 0 ? 0 : dice == 1 ? 2 : 1; copies > 0; copies--) {
                queue.send(event, Duration.ofMillis(random.nextInt(400)));
            }
        });
        time.scheduleWithFixedDelay(emr::advance, 50, 50, TimeUnit.MILLISECONDS);
        return this;
    }

    private StepScript scriptOf(String stepName) {
        Duration runs = Duration.ofMillis(100 + random.nextInt(1500));
        Matcher key = KEY.matcher(stepName);
        if (stepName.startsWith("Slipway cleanup") || !key.matches()) {
            return StepScript.succeedsAfter(runs.dividedBy(5));
        }
        int attempt = Integer.parseInt(key.group(2));
        if (applicationsOf(key.group(1)).findAny().isPresent()) {
            overlaps.add(stepName);
        }
        return Kind.of(stepName).script(attempt, runs);
    }

    /** The tags of those that run. */
    Stream<String> applicationsOf(String jobId) {
        return emr.applications(CLUSTER).stream()
                .filter(tag -> tag.toLowerCase(Locale.ROOT).startsWith(jobId.toLowerCase(Locale.ROOT) + "-"));
    }

    /** After this long nothing that was sent can arrive any more. */
    Duration settle() {
        return scale.of(CALL_DEADLINE.plus(SIGNATURE_LIFETIME).plus(CLOCK_MARGIN));
    }

    /** Longer than a signature is good for. */
    Duration tooLate() {
        return scale.of(SIGNATURE_LIFETIME).plusSeconds(1);
    }

    private EmrFault weather(String operation) {
        boolean submits = operation.equals("AddJobFlowSteps");
        Supplier<EmrFault> trap = submits ? ambush.getAndSet(null) : null;
        if (trap != null) {
            faults.incrementAndGet();
            return trap.get();
        }
        int percent = submits ? 40 : 12;
        if (random.nextInt(100) >= (calmer ? percent / 3 : percent)) {
            return null;
        }
        faults.incrementAndGet();
        Duration noPatience = scale.of(CALL_DEADLINE.multipliedBy(5).dividedBy(4));
        List<EmrFault> possible = new ArrayList<>(List.of(
                EmrFault.throttled(),
                EmrFault.error(),
                EmrFault.closed(),
                EmrFault.closedAfterAll(),
                EmrFault.slow(noPatience)));
        if (submits) {
            possible.addAll(List.of(
                    EmrFault.throttledAfterAll(),
                    EmrFault.errorAfterAll(),
                    EmrFault.partlyTaken(),
                    EmrFault.errorAfterHalf(),
                    EmrFault.late(scale.of(SIGNATURE_LIFETIME.dividedBy(2))),
                    EmrFault.late(tooLate())));
        }
        return possible.get(random.nextInt(possible.size()));
    }

    /** From now on a third as much goes wrong: each call that is lost makes a job wait for all of the settle time once more. */
    void calmDown() {
        calmer = true;
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
        Map<String, String> environment = new HashMap<>(AwsEnvironment.variables(emr, s3));
        if (news != null) {
            environment.put("AWS_ENDPOINT_URL_SQS", news.endpoint().toString());
        }
        return environment;
    }

    /** As on the command line, without the dashes. */
    List<String> settings() throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                "slipway.artifacts.s3.bucket=artifacts",
                "slipway.artifacts.s3.path-style=true",
                "slipway.clusters.chaos.emr.cluster-id=" + CLUSTER,
                "slipway.clusters.chaos.emr.step-concurrency=" + STEP_CONCURRENCY,
                "slipway.clusters.chaos.emr.look-ahead=" + LOOK_AHEAD));
        if (news != null) {
            settings.add("slipway.compute.emr.events.queue-url=" + news.queueUrl());
        }
        settings.addAll(scale.settings());
        return settings;
    }

    @Override
    public void close() {
        time.shutdownNow();
        if (news != null) {
            news.close();
        }
        emr.close();
        s3.close();
    }
}
