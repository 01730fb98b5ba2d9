package io.slipway.compute.local;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterState;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.Observation;
import io.slipway.compute.Occupancy;
import io.slipway.compute.PlannedRun;
import io.slipway.compute.PreparedBatch;
import io.slipway.compute.ResultLimits;
import io.slipway.compute.RunExecutor;
import io.slipway.compute.StartResult;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs as processes of this machine. It keeps nothing in memory: all that is known of a run is in its folder, so a restart of the service
 * is no event for it.
 */
final class LocalExecutor implements RunExecutor {

    private static final Logger log = LoggerFactory.getLogger(LocalExecutor.class);

    private final int parallelism;
    private final ResultLimits limits;
    private final Path runs;
    private final Path environments;
    private final ArtifactStore store;
    private final Launchers launchers;
    private final RunEnvironment environment;
    private final Supervisor supervisor;
    private final Duration killGrace;
    private final Clock clock;

    /** @param service the environment of the service, of which runs see only what is on a list */
    LocalExecutor(
            int parallelism,
            LocalSettings settings,
            ResultLimits limits,
            Map<String, String> service,
            Path runs,
            Path environments,
            ArtifactStore store,
            Launchers launchers,
            Clock clock) {
        this.parallelism = parallelism;
        this.limits = limits;
        this.runs = runs;
        this.environments = environments;
        this.store = store;
        this.launchers = launchers;
        this.environment = new RunEnvironment(service, settings.passEnvironment());
        this.supervisor = new Supervisor(environment.passed(), settings.startWait());
        this.killGrace = settings.killGrace();
        this.clock = clock;
    }

    @Override
    public List<PreparedBatch> prepare(List<PlannedRun> wanted) {
        return wanted.isEmpty() ? List.of() : List.of(new Batch(wanted));
    }

    /** Nothing of it has to be ready before: unpacking a project makes no intent too old on this machine. */
    private final class Batch implements PreparedBatch {

        private final Map<SubmissionKey, PlannedRun> runs = new LinkedHashMap<>();

        Batch(List<PlannedRun> wanted) {
            wanted.forEach(run -> runs.put(run.submissionKey(), run));
        }

        @Override
        public List<SubmissionKey> submissionKeys() {
            return List.copyOf(runs.keySet());
        }

        @Override
        public @Nullable String clusterId() {
            return null;
        }

        @Override
        public List<StartResult> start(List<RunRef> intents) {
            return intents.stream()
                    .map(intent -> Objects.requireNonNull(runs.get(intent.submissionKey()), "a run of another batch"))
                    .map(LocalExecutor.this::start)
                    .toList();
        }
    }

    @Override
    public Observation observe(List<RunRef> refs) {
        return new Observation(lookAt(refs, Calls.TOGETHER), List.of(), Occupancy.ofOurs(null, parallelism), true);
    }

    @Override
    public List<RunReport> lookAt(List<RunRef> refs, Calls calls) {
        return refs.stream().flatMap(run -> observe(run).stream()).toList();
    }

    @Override
    public ClusterHealth lookAtCluster() {
        return health();
    }

    ClusterHealth health() {
        try {
            return new ClusterHealth(
                    ClusterState.READY,
                    "Runs are started with " + launchers.lastFound().description() + ".",
                    clock.instant());
        } catch (CannotRun e) {
            return new ClusterHealth(ClusterState.UNAVAILABLE, e.getMessage(), clock.instant());
        }
    }

    /** A run has begun, or never will, when its start has been answered: taking it back is stopping it. */
    @Override
    public void withdraw(List<RunRef> refs) {
        cancel(refs);
    }

    @Override
    public void cancel(List<RunRef> refs) {
        for (RunRef run : refs) {
            RunFolder folder = folder(run);
            try {
                if (folder.exists() && folder.status().isEmpty()) {
                    folder.requestCancel();
                }
            } catch (IOException e) {
                throw new ComputeUnavailable("The wish to cancel cannot be written to " + folder.path() + ".", e);
            }
        }
    }

    private StartResult start(PlannedRun run) {
        SubmissionKey key = run.submissionKey();
        RunFolder folder = RunFolder.of(runs, key);
        try {
            if (folder.isStarted()) {
                return new StartResult.Accepted(key, folder.supervisor(), null);
            }
            Launcher launcher = launcher(run);
            return result(key, folder, launcher, launch(run, folder, launcher));
        } catch (CannotRun e) {
            return new StartResult.Rejected(
                    key,
                    new Reason(
                            Reason.Code.START_FAILED,
                            Optional.ofNullable(e.getMessage()).orElse("")));
        } catch (IOException e) {
            log.warn("Run {} could not be prepared in {}", key, folder.path(), e);
            return new StartResult.NotNow(key, "The run could not be prepared on this machine: " + e + ".");
        }
    }

    /** In the environment that was built for the run, if one was. */
    private Launcher launcher(PlannedRun run) throws CannotRun {
        Launcher found = launchers.find();
        String environment = run.plan().launch().python().environment();
        return environment == null ? found : BuiltPython.start(environments, environment, found);
    }

    private OptionalInt launch(PlannedRun run, RunFolder folder, Launcher launcher) throws IOException, CannotRun {
        folder.create();
        folder.startsBySpark(launcher.sparkSubmit() != null);
        ModuleRunner.write(run.plan().entry(), folder.path());
        UnpackedProject project = UnpackedProject.unpack(store, run.plan().projectId(), folder);
        OptionalInt answer = OptionalInt.of(Supervisor.NOT_NOW);
        try {
            answer = supervisor.start(
                    launcher.supervisorPython(),
                    folder,
                    new Supervisor.Order(
                            launcher.command(run, folder.path()),
                            environment.of(run.plan(), launcher, folder),
                            project.name(),
                            killGrace.toMillis() / 1000.0,
                            Supervisor.Results.of(run.plan().launch().results(), limits),
                            launcher.sparkSubmit() == null
                                    ? null
                                    : ProgressProgram.write(folder.path()).toString()));
        } finally {
            if (answer.isPresent() && answer.getAsInt() != Supervisor.DONE) {
                project.delete();
            }
        }
        return answer;
    }

    private static StartResult result(SubmissionKey key, RunFolder folder, Launcher launcher, OptionalInt answer)
            throws IOException {
        if (folder.isStarted()) {
            return new StartResult.Accepted(key, folder.supervisor(), launcher.note());
        }
        if (answer.isEmpty()) {
            return new StartResult.Unknown(key, "The run's supervisor did not answer in time.");
        }
        if (answer.getAsInt() == Supervisor.NOT_NOW) {
            return new StartResult.NotNow(key, folder.lastWord());
        }
        return new StartResult.Rejected(
                key,
                new Reason(
                        Reason.Code.START_FAILED,
                        "The run's supervisor does not work with " + launcher.supervisorPython() + ": "
                                + folder.lastWord()));
    }

    private Optional<RunReport> observe(RunRef run) {
        Instant from = clock.instant();
        RunFolder folder = folder(run);
        try {
            return folder.isStarted()
                    ? lookAtStarted(run.submissionKey(), folder, from)
                    : Optional.of(RunReport.absent(run.submissionKey(), from));
        } catch (IOException e) {
            log.warn("Nothing can be learned of run {}", run.submissionKey(), e);
            return Optional.empty();
        }
    }

    private Optional<RunReport> lookAtStarted(SubmissionKey key, RunFolder folder, Instant from) throws IOException {
        // The status comes before the lock is let go: asked in the other order, an end in between would look like a
        // loss.
        boolean supervised = folder.isSupervised();
        Optional<RunReport> end = ended(key, folder, from);
        if (end.isPresent()) {
            return end;
        }
        if (supervised) {
            return Optional.of(live(key, folder, from));
        }
        bury(key, folder);
        return ended(key, folder, from);
    }

    private static Optional<RunReport> ended(SubmissionKey key, RunFolder folder, Instant from) throws IOException {
        String id = folder.supervisor();
        return folder.status().map(status -> status.report(key, id, from));
    }

    private static RunReport live(SubmissionKey key, RunFolder folder, Instant from) throws IOException {
        Optional<Instant> since = folder.runningSince();
        Phase phase = since.isPresent() ? Phase.RUNNING : Phase.PENDING;
        return new RunReport(key, phase, folder.supervisor(), since.orElse(null), null, null, null, from);
    }

    /** Until it is certain that nothing of the run is left, nothing is said about it: a new attempt would run beside it. */
    private void bury(SubmissionKey key, RunFolder folder) throws IOException {
        try {
            OptionalInt answer = supervisor.bury(launchers.find().python(), folder);
            if (answer.orElse(Supervisor.NOT_NOW) != Supervisor.DONE) {
                log.warn("What is left of run {} could not be ended: {}", key, folder.lastWord());
            }
        } catch (CannotRun e) {
            throw new IOException("run " + key + " cannot be ended", e);
        }
    }

    private RunFolder folder(RunRef run) {
        return RunFolder.of(runs, run.submissionKey());
    }
}
