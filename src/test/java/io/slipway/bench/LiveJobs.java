package io.slipway.bench;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.Artifacts;
import io.slipway.aws.EmrStep;
import io.slipway.aws.LiveDriver;
import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.StepScript;
import io.slipway.compute.Clusters;
import io.slipway.compute.emr.EmrClusters;
import io.slipway.compute.emr.live.LiveEnds;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobChanged;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Run;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.reconcile.TurnedLoop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A steady number of live jobs on simulated clusters, and how far the table is behind EMR meanwhile. The loop, the EMR adapter, the SDK's
 * clients and the call budget are the service's own with their default settings; the account's default quota holds. Time is virtual: a
 * second passes with each turn of all loops. How long a run takes is distributed exponentially.
 */
final class LiveJobs implements AutoCloseable {

    /** EMR's own limit of active steps. */
    static final int MOST_PER_CLUSTER = 256;

    /** A program ends some seconds before its step does. */
    private static final Duration BEFORE_STEP = Duration.ofSeconds(6);

    /** From the step's start to the first word of its driver. */
    private static final Duration TO_DRIVER = Duration.ofSeconds(20);

    private static final Duration TURN = Duration.ofSeconds(1);

    /** As often as ends are looked for: nothing else is to be seen between. */
    private static final Duration TURN_OF_DRIVERS = Duration.ofSeconds(2);

    /** EventBridge names none; what people see is a second or two. */
    private static final Duration EVENT_LATENCY = Duration.ofSeconds(2);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final MovableClock clock = new MovableClock(StoredJobs.NOW);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final StoredJobs jobs;
    private final EmrClusters clusters;
    private final TurnedLoop loop;
    private final News news;
    private final Map<String, Integer> live = new HashMap<>();
    private final Map<String, Change> notInTheTable = new HashMap<>();
    private final Lags lags = new Lags();
    private final Lags programs = new Lags();
    private final Map<String, Instant> untoldEnds = new HashMap<>();
    private final TurnedLoop.Table table;
    private final LiveEnds ends;
    private final Map<String, Duration> runTimes = new HashMap<>();
    private final PriorityQueue<DriverEnd> driverEnds = new PriorityQueue<>(Comparator.comparing(DriverEnd::at));
    private int finished;
    private double stalest;
    private long leaderNanos;

    /** How the table hears of what EMR did. */
    enum News {
        POLLING,
        EVENTS,
        /** By what drivers write to S3 at their ends. */
        DRIVERS
    }

    /** @param end else the start */
    private record DriverEnd(Instant at, String key, boolean end) {}

    /** What EMR did and the table does not tell yet, by job. */
    private record Change(Instant at, boolean end) {}

    /**
     * What a time with so many live jobs came to.
     *
     * @param calls to EMR by what they ask
     * @param toS3 requests of the service
     * @param behind from EMR's end of a step to the row
     * @param programs from the end of a program to its word on the job
     * @param leader processor time of turns and of looks for ends: the loop, the adapter, the SDK's clients and H2 in memory; not of what
     *     stands in for AWS
     */
    record Measured(
            int live,
            Duration time,
            int finished,
            Map<String, Long> calls,
            Map<String, Long> toS3,
            double stalest,
            Lags behind,
            Lags programs,
            Duration leader) {

        /** Of one core, if the time were real. */
        double leaderPercent() {
            return 100.0 * leader.toNanos() / time.toNanos();
        }

        long callsPerThousand() {
            long all = calls.values().stream().mapToLong(Long::longValue).sum();
            return Math.round(1000.0 * all / Math.max(1, finished));
        }

        /** Requests of the service to S3, for each hour of each job. */
        double toS3PerJobHour() {
            return toS3.values().stream().mapToLong(Long::longValue).sum() / jobHours();
        }

        /** By the prices of S3 Standard in us-east-1 (https://aws.amazon.com/s3/pricing); deleting costs nothing. */
        double dollarsPerJobHour() {
            double dollars = 0;
            for (Map.Entry<String, Long> one : toS3.entrySet()) {
                dollars += one.getValue()
                        * switch (one.getKey()) {
                            case "GetObject", "HeadObject" -> 0.0004 / 1000;
                            case "DeleteObject", "DeleteObjects" -> 0;
                            default -> 0.005 / 1000;
                        };
            }
            return dollars / jobHours();
        }

        private double jobHours() {
            return live * time.toSeconds() / 3600.0;
        }

        /** One DescribeStep a job every 30 seconds, and one AddJobFlowSteps each. */
        long callsPerThousandOneByOne() {
            return Math.round(1000.0 * (live * time.toSeconds() / 30.0 + finished) / Math.max(1, finished));
        }
    }

    LiveJobs(TurnedLoop.Table table, Artifacts artifacts, int clusterCount, News news, Duration meanRun)
            throws IOException {
        this.news = news;
        this.table = table;
        this.jobs = new StoredJobs(table.transactions(), artifacts);
        artifacts.record(Artifact.of(StoredJobs.PROJECT, 10, clock.instant()));
        this.clusters = news == News.DRIVERS
                ? EmrClusters.live(clusterCount, MOST_PER_CLUSTER, Map.of(), meters, clock)
                : new EmrClusters(clusterCount, MOST_PER_CLUSTER, Map.of(), meters, clock);
        this.ends = clusters.ends(table.jobs()::clustersOfLive, clock);
        Random random = new Random(clusterCount);
        clusters.emr.script(name -> {
            double times = -Math.log(1 - random.nextDouble());
            Duration runs = Duration.ofMillis(Math.round(meanRun.toMillis() * times));
            runTimes.put(keyIn(name), runs);
            return StepScript.succeedsAfter(runs);
        });
        clusters.emr.limitCalls();
        if (news == News.EVENTS) {
            clusters.withEvents(EVENT_LATENCY, clock);
        }
        clusters.emr.onChange((cluster, step) -> happened(step));
        this.loop = new TurnedLoop(table, Clusters.of(clusters.computes), () -> true, meters, clock);
    }

    private void happened(EmrStep step) {
        String name = step.name();
        String key = keyIn(name);
        String jobId = key.substring(0, key.lastIndexOf('-'));
        if (step.state().equals("RUNNING") && news == News.DRIVERS) {
            Instant end = step.startedAt().plus(runTimes.remove(key)).minus(BEFORE_STEP);
            Instant start = step.startedAt().plus(TO_DRIVER);
            if (start.isBefore(end)) {
                driverEnds.add(new DriverEnd(start, key, false));
            }
            driverEnds.add(new DriverEnd(end, key, true));
        }
        if (step.state().equals("RUNNING")) {
            notInTheTable.put(jobId, new Change(step.startedAt(), false));
        } else if (!step.isActive()) {
            notInTheTable.put(jobId, new Change(step.endedAt(), true));
        }
    }

    /** Somebody must tell it of each. */
    void changed(JobChanged job) {
        boolean end = job.state().isTerminal();
        if (end) {
            finished++;
            live.merge(job.cluster(), -1, Integer::sum);
        }
        Change change = notInTheTable.get(job.jobId().value());
        if (change != null && (end || (job.state() == JobState.RUNNING && !change.end()))) {
            notInTheTable.remove(job.jobId().value());
            if (end) {
                lags.add(Duration.between(change.at(), clock.instant()));
            }
        }
    }

    /** Lets time pass with so many live jobs, spread evenly. */
    Measured hold(int wanted, Duration time) {
        finished = 0;
        stalest = 0;
        leaderNanos = 0;
        lags.clear();
        programs.clear();
        clusters.emr.forgetCalls();
        clusters.s3.forgetCalls();
        Duration turn = news == News.DRIVERS ? TURN_OF_DRIVERS : TURN;
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(turn)) {
            clock.advance(turn);
            clusters.emr.advance();
            topUp(wanted);
            switch (news) {
                case POLLING -> {}
                case EVENTS -> listen();
                case DRIVERS -> tellEnds();
            }
            leading(loop::tick);
            countToldEnds();
            stalest = Math.max(stalest, staleness());
            notInTheTable.values().stream()
                    .map(change -> Duration.between(change.at(), clock.instant()))
                    .max(Duration::compareTo)
                    .ifPresent(lags::atLeast);
        }
        Map<String, Long> calls = clusters.emr.calls().stream()
                .collect(Collectors.groupingBy(LiveJobs::question, TreeMap::new, Collectors.counting()));
        Map<String, Long> toS3 = clusters.s3.calls().stream()
                .collect(Collectors.groupingBy(call -> call.split(" ")[0], TreeMap::new, Collectors.counting()));
        return new Measured(
                wanted,
                time,
                finished,
                calls,
                toS3,
                stalest,
                lags.copy(),
                programs.copy(),
                Duration.ofNanos(leaderNanos));
    }

    private static String question(SimulatedEmr.Call call) {
        return call.operation()
                + (call.body().has("StepIds") ? " by ids" : call.body().has("StepStates") ? " by state" : "");
    }

    private void countToldEnds() {
        if (untoldEnds.isEmpty()) {
            return;
        }
        for (Run run : table.jobs().runsOf(untoldEnds.keySet())) {
            if (run.programEnd() != null) {
                Instant ended = untoldEnds.remove(run.submissionKey().value());
                programs.add(Duration.between(ended, clock.instant()));
            }
        }
        untoldEnds.values().forEach(ended -> programs.atLeast(Duration.between(ended, clock.instant())));
    }

    private static String keyIn(String stepName) {
        return stepName.substring(stepName.indexOf('[') + 1, stepName.indexOf(']'));
    }

    /** What the drivers write, and the look at it that comes every other second. */
    private void tellEnds() {
        while (!driverEnds.isEmpty() && !driverEnds.peek().at().isAfter(clock.instant())) {
            DriverEnd end = driverEnds.remove();
            LiveDriver driver = new LiveDriver(clusters.s3, "my-bucket", "slipway/", end.key());
            if (end.end()) {
                driver.ends(0, end.at());
                untoldEnds.put(end.key(), end.at());
            } else {
                driver.starts();
            }
        }
        leading(() -> loop.listen(handler -> clusters.look(ends, handler)));
    }

    private void leading(Runnable work) {
        long from = THREADS.getCurrentThreadCpuTime();
        work.run();
        leaderNanos += THREADS.getCurrentThreadCpuTime() - from;
    }

    private void listen() {
        for (int before = -1; before != clusters.queue.calls().size() && hasMore(); ) {
            before = clusters.queue.calls().size();
            loop.listen(clusters.events);
        }
    }

    private boolean hasMore() {
        return clusters.queue.hasVisible();
    }

    private void topUp(int wanted) {
        int count = clusters.computes.size();
        for (int number = 1; number <= count; number++) {
            String name = EmrClusters.name(number);
            int share = wanted / count + (number <= wanted % count ? 1 : 0);
            for (int missing = share - live.getOrDefault(name, 0); missing > 0; missing--) {
                Job job = jobs.referring(Wanted.of("bench").on(name), clock.instant());
                jobs.accepted(job, clock.instant());
                live.merge(name, 1, Integer::sum);
            }
        }
    }

    private double staleness() {
        return meters.find("slipway.staleness").gauges().stream()
                .mapToDouble(Gauge::value)
                .max()
                .orElse(0);
    }

    List<String> refusals() {
        return meters.find("slipway.emr.calls").counters().stream()
                .filter(counter -> !"ok".equals(counter.getId().getTag("outcome")))
                .map(counter -> counter.getId().getTag("api") + " "
                        + counter.getId().getTag("outcome") + " " + (long) counter.count())
                .toList();
    }

    @Override
    public void close() {
        clusters.close();
    }
}
