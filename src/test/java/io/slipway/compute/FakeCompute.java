package io.slipway.compute;

import io.slipway.compute.ClusterTraits.Habit;
import io.slipway.jobs.Application;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.DriverHost;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A cluster in memory, whose runs go on when a test says so and whose answers get lost when a test wants them to. */
public final class FakeCompute implements Cluster, RunExecutor, RunOutput, LaunchPreview, LeftoverCleanup {

    private static final Set<Phase> LIVE = EnumSet.of(Phase.PENDING, Phase.RUNNING);

    private final Clock clock;
    private final String name;
    private final int slots;
    private final Duration settle;
    private final Set<Habit> habits = EnumSet.noneOf(Habit.class);
    private final Map<String, FakeRun> runs = new LinkedHashMap<>();
    private final List<List<String>> calls = new ArrayList<>();
    private final List<String> cleaned = new ArrayList<>();
    private final List<String> cancelled = new ArrayList<>();
    private final List<RunRef> unexpected = new ArrayList<>();
    private final Map<String, Application> applications = new LinkedHashMap<>();
    private final Set<String> silent = new LinkedHashSet<>();
    private final Map<SubmissionKey, ReportedEnd> ends = new LinkedHashMap<>();
    private List<RunStream> printed = List.of();
    private boolean cleansUp;
    private boolean holdsCleanUps;
    private int startable = Integer.MAX_VALUE;
    private int freeSlots = Integer.MAX_VALUE;
    private Fault fault = Fault.NONE;
    private Runnable meanwhile = () -> {};

    /** What goes wrong with every call until another fault is set. */
    public enum Fault {
        NONE,
        /** No call arrives, and the caller knows it. */
        UNREACHABLE,
        /** A start arrives; its answer does not. */
        ANSWER_LOST,
        /** A start does not arrive; the caller cannot know. */
        REQUEST_LOST,
        /** The cluster takes nothing now. */
        FULL,
        /** The cluster refuses. */
        REFUSING
    }

    private static final class FakeRun {
        private final String script;
        private int starts;
        private Phase phase = Phase.PENDING;
        private Instant startedAt;
        private Instant endedAt;
        private boolean cancelled;

        private FakeRun(String script) {
            this.script = script;
        }
    }

    public FakeCompute(String name, int slots, Duration settle, Clock clock) {
        this.clock = clock;
        this.name = name;
        this.slots = slots;
        this.settle = settle;
    }

    public void fault(Fault next) {
        this.fault = next;
    }

    /** All runs have printed these. */
    public void prints(List<RunStream> streams) {
        this.printed = streams;
    }

    /** Happens while the next call to start is under way. */
    public void meanwhile(Runnable other) {
        this.meanwhile = other;
    }

    /** Moves every live run on: pending ones begin, running ones end as their script's name says. */
    public void goOn() {
        runs.values().stream().filter(run -> LIVE.contains(run.phase)).forEach(this::goOn);
    }

    private void goOn(FakeRun run) {
        if (run.cancelled) {
            end(run, Phase.CANCELLED);
        } else if (run.phase == Phase.PENDING) {
            run.phase = Phase.RUNNING;
            run.startedAt = clock.instant();
        } else if (run.script.startsWith("fail")) {
            end(run, Phase.FAILED);
        } else if (!run.script.startsWith("long")) {
            end(run, Phase.SUCCEEDED);
        }
    }

    private void end(FakeRun run, Phase phase) {
        run.phase = phase;
        run.endedAt = clock.instant();
    }

    public int starts(String submissionKey) {
        return runs.containsKey(submissionKey) ? runs.get(submissionKey).starts : 0;
    }

    public int totalStarts() {
        return runs.values().stream().mapToInt(run -> run.starts).sum();
    }

    /** The keys of each start call, in order. */
    public List<List<String>> calls() {
        return calls;
    }

    /** The cluster forgets everything. */
    public void forget() {
        runs.clear();
    }

    @Override
    public ClusterTraits traits() {
        return new ClusterTraits(name, ClusterKind.LOCAL, slots, settle, Duration.ZERO, habits);
    }

    @Override
    public RunExecutor executor() {
        return this;
    }

    @Override
    public RunOutput output() {
        return this;
    }

    @Override
    public RunSigns signs() {
        return new RunSigns() {
            @Override
            public Optional<ReportedEnd> end(RunOrder order) {
                return Optional.ofNullable(ends.get(order.run().submissionKey()));
            }

            @Override
            public Optional<RunProgress> progress(RunOrder order, boolean isWatched) {
                return Optional.empty();
            }

            @Override
            public Set<String> silent() {
                return silent;
            }

            @Override
            public Optional<RunResults> results(RunOrder order) {
                return Optional.empty();
            }

            @Override
            public InputStream openResult(RunOrder order, String path) throws IOException {
                throw new FileNotFoundException(path);
            }
        };
    }

    /** The driver of the run, which was heard, is not heard any more. */
    public void isSilent(SubmissionKey submissionKey) {
        silent.add(submissionKey.value());
    }

    /** The driver of the run says that its program has ended so. */
    public void tells(SubmissionKey submissionKey, ReportedEnd end) {
        ends.put(submissionKey, end);
    }

    @Override
    public LaunchPreview preview() {
        return this;
    }

    @Override
    public Optional<LeftoverCleanup> cleanup() {
        return cleansUp ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Preview preview(RunOrder run, List<ProjectFile> project) {
        return preview(run.jobName(), run.plan(), project);
    }

    @Override
    public Optional<String> pathInProject(RunOrder run, String path) {
        return Optional.empty();
    }

    @Override
    public List<ProjectPiece> pieces(LaunchPlan plan, List<ProjectFile> project) {
        return List.of();
    }

    @Override
    public Preview preview(String jobName, LaunchPlan plan, List<ProjectFile> project) {
        return new Preview(
                List.of(plan.entryPoint()), plan.entryPoint(), Map.of(), List.of(), List.of(), DriverHost.PROCESS);
    }

    @Override
    public List<PreparedBatch> prepare(List<PlannedRun> wanted) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        return startable == Integer.MAX_VALUE
                ? List.of(new FakeBatch(wanted))
                : wanted.stream()
                        .limit(startable)
                        .<PreparedBatch>map(run -> new FakeBatch(List.of(run)))
                        .toList();
    }

    private final class FakeBatch implements PreparedBatch {
        private final Map<SubmissionKey, PlannedRun> planned = new LinkedHashMap<>();

        private FakeBatch(List<PlannedRun> wanted) {
            wanted.forEach(run -> planned.put(run.submissionKey(), run));
        }

        @Override
        public List<SubmissionKey> submissionKeys() {
            return List.copyOf(planned.keySet());
        }

        @Override
        public String clusterId() {
            return null;
        }

        @Override
        public List<StartResult> start(List<RunRef> intents) {
            if (intents.isEmpty()) {
                return List.of();
            }
            calls.add(intents.stream().map(run -> run.submissionKey().value()).toList());
            meanwhile.run();
            meanwhile = () -> {};
            return intents.stream()
                    .map(intent -> FakeCompute.this.start(planned.get(intent.submissionKey())))
                    .toList();
        }
    }

    private StartResult start(PlannedRun planned) {
        SubmissionKey key = planned.submissionKey();
        return switch (fault) {
            case NONE -> {
                take(planned);
                yield new StartResult.Accepted(key, "fake-" + key, "Started by the fake.");
            }
            case ANSWER_LOST -> {
                take(planned);
                yield new StartResult.Unknown(key, "the answer was lost");
            }
            case REQUEST_LOST, UNREACHABLE -> new StartResult.Unknown(key, "the request was lost");
            case FULL -> new StartResult.NotNow(key, "The cluster is full.");
            case REFUSING ->
                new StartResult.Rejected(
                        key, new Reason(Reason.Code.REJECTED_BY_CLUSTER, "The cluster does not like it."));
        };
    }

    private void take(PlannedRun planned) {
        FakeRun run = runs.computeIfAbsent(
                planned.submissionKey().value(),
                key -> new FakeRun(planned.plan().entryPoint()));
        // Like EMR: nothing but the caller's care keeps a repeated order from running twice. The settle time says so.
        if (run.starts == 0 || !settle.isZero()) {
            run.starts++;
        }
    }

    @Override
    public Observation observe(List<RunRef> wanted) {
        return new Observation(
                lookAt(wanted, Calls.TOGETHER), unexpected, new Occupancy(null, slots, 0, 0, freeSlots), true);
    }

    @Override
    public List<RunReport> lookAt(List<RunRef> wanted, Calls calls) {
        requireReachable();
        return wanted.stream().map(this::report).toList();
    }

    private RunReport report(RunRef wanted) {
        FakeRun run = runs.get(wanted.submissionKey().value());
        if (run == null) {
            return RunReport.absent(wanted.submissionKey(), clock.instant());
        }
        Reason reason =
                run.phase == Phase.FAILED ? new Reason(Reason.Code.RUN_FAILED, "It exited with status 1.") : null;
        return new RunReport(
                wanted.submissionKey(),
                run.phase,
                "fake-" + wanted.submissionKey(),
                run.startedAt,
                run.endedAt,
                null,
                reason,
                clock.instant());
    }

    /** Says from now on that stopped runs may leave something. */
    public void leaveSomething(boolean cleansUp) {
        habits.add(Habit.LEAVES_SOMETHING);
        this.cleansUp = cleansUp;
    }

    /** Lets at most so many go at once, each alone. */
    public void oneByOne(int startable) {
        this.startable = startable;
    }

    /** Other people's runs leave this much. */
    public void freeSlots(int left) {
        this.freeSlots = left;
    }

    /** There is no token for the call from now on. */
    public void holdCleanUps() {
        this.holdsCleanUps = true;
    }

    @Override
    public Optional<Prepared> prepare(String clusterId) {
        return holdsCleanUps ? Optional.empty() : Optional.of(this::cleanUp);
    }

    /** Says from now on that logs come after the end. */
    public FakeCompute shipLogsLater() {
        habits.add(Habit.SHIPS_LOGS_LATER);
        return this;
    }

    /** Says from now on that runs start applications. */
    public void startApplications() {
        habits.add(Habit.STARTS_APPLICATIONS);
    }

    /** What was shipped of the run's logs tells of it from now on. */
    public void ship(String submissionKey, Application application) {
        applications.put(submissionKey, application);
    }

    @Override
    public Optional<Application> findApplication(RunOrder run) {
        requireReachable();
        return Optional.ofNullable(applications.get(run.run().submissionKey().value()));
    }

    /** The keys that cleanups were sent for. */
    public List<String> cleaned() {
        return cleaned;
    }

    /** What it met and was not asked about. */
    public void stray(RunRef run) {
        unexpected.add(run);
    }

    public void noStrays() {
        unexpected.clear();
    }

    public List<String> cancelled() {
        return cancelled;
    }

    private StartResult cleanUp(RunRef run, List<RunOrder> stopped) {
        stopped.forEach(order -> cleaned.add(order.run().submissionKey().value()));
        runs.computeIfAbsent(run.submissionKey().value(), key -> new FakeRun("cleanup")).starts = 1;
        return new StartResult.Accepted(run.submissionKey(), "fake-" + run.submissionKey(), null);
    }

    @Override
    public ClusterHealth lookAtCluster() {
        return health();
    }

    @Override
    public void withdraw(List<RunRef> wanted) {
        cancel(wanted);
    }

    @Override
    public void cancel(List<RunRef> wanted) {
        requireReachable();
        wanted.forEach(ref -> cancelled.add(ref.remoteId()));
        wanted.forEach(ref -> {
            FakeRun run = runs.get(ref.submissionKey().value());
            if (run != null && ("fake-" + ref.submissionKey()).equals(ref.remoteId())) {
                run.cancelled = true;
            }
        });
    }

    private void requireReachable() {
        if (fault == Fault.UNREACHABLE) {
            throw new ComputeUnavailable("The fake is unreachable.", null);
        }
    }

    @Override
    public ExpectedLogs expectedLogs(RunOrder run, Instant endedAt) {
        return new ExpectedLogs(
                List.of(LogStream.STDOUT), Set.of(), endedAt == null, Duration.ofSeconds(1), Map.of(), null);
    }

    @Override
    public List<RunStream> streams(RunOrder run, Instant endedAt) {
        if (!printed.isEmpty()) {
            return printed;
        }
        return runs.containsKey(run.run().submissionKey().value()) ? List.of(new FakeStream()) : List.of();
    }

    private static final class FakeStream implements RunStream {
        private static final byte[] TEXT = "printed by the run\n".getBytes(StandardCharsets.UTF_8);

        @Override
        public LogStream id() {
            return LogStream.STDOUT;
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(TEXT.length);
        }

        @Override
        public InputStream open(long offset) {
            int from = (int) Math.min(offset, TEXT.length);
            return new ByteArrayInputStream(TEXT, from, TEXT.length - from);
        }
    }

    @Override
    public SparkUi sparkUi(RunOrder run, Instant endedAt) {
        return new SparkUi.None("The fake has none.");
    }

    @Override
    public boolean forget(RunRef run) {
        return true;
    }

    @Override
    public List<RunLink> links(RunRef run) {
        return List.of();
    }

    @Override
    public ClusterHealth health() {
        return new ClusterHealth(ClusterState.READY, null, clock.instant());
    }
}
