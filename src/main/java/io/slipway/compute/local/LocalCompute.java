package io.slipway.compute.local;

import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.Compute;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.ExpectedLogs;
import io.slipway.compute.LogStream;
import io.slipway.compute.Preview;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunStream;
import io.slipway.compute.StartResult;
import io.slipway.compute.Target;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * This machine as a cluster. It keeps nothing in memory: all that is known of a run is in its folder, so a restart of the service is
 * no event for it.
 */
final class LocalCompute implements Compute {

    private static final Logger log = LoggerFactory.getLogger(LocalCompute.class);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Target target;
    private final Path runs;
    private final ArtifactStore store;
    private final Launchers launchers;
    private final RunEnvironment environment;
    private final Supervisor supervisor;
    private final Duration killGrace;
    private final Clock clock;

    /** @param service the environment of the service, of which runs see only what is on a list */
    LocalCompute(
            Target target,
            LocalSettings settings,
            Map<String, String> service,
            Path runs,
            ArtifactStore store,
            Clock clock) {
        this.target = target;
        this.runs = runs;
        this.store = store;
        this.launchers = new Launchers(settings.python(), service, clock);
        this.environment = new RunEnvironment(service, settings.passEnvironment());
        this.supervisor = new Supervisor(environment.passed(), settings.startWait());
        this.killGrace = settings.killGrace();
        this.clock = clock;
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public Preview preview(String jobName, LaunchPlan plan, List<ProjectFile> project) {
        return new LocalPreview(launchers).of(jobName, plan, project);
    }

    @Override
    public List<StartResult> start(List<RunOrder> orders) {
        return orders.stream().map(this::start).toList();
    }

    @Override
    public List<RunReport> observe(List<RunRef> refs) {
        return refs.stream().flatMap(run -> observe(run).stream()).toList();
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

    @Override
    public ExpectedLogs expectedLogs(RunOrder order, @Nullable Instant endedAt) {
        RunFolder folder = folder(order.run());
        boolean started = folder.isStarted();
        return new ExpectedLogs(
                started
                        ? folder.streams().stream().map(RunStream::id).toList()
                        : List.of(LogStream.STDOUT, LogStream.STDERR),
                started ? Set.of() : Set.of(LogStream.Role.SPARK),
                endedAt == null,
                LOOK_AGAIN,
                Map.of(),
                null);
    }

    @Override
    public List<RunStream> streams(RunOrder order, @Nullable Instant endedAt) {
        RunFolder folder = folder(order.run());
        return folder.isStarted() ? folder.streams() : List.of();
    }

    /** By the name of the run's folder alone: the folders above it may be links. */
    @Override
    public Optional<String> pathInProject(RunOrder run, String path) {
        String folder = "/" + run.run().submissionKey() + "/project/";
        int at = path.indexOf(folder);
        return at >= 0
                ? Optional.of(path.substring(at + folder.length()))
                : Optional.of(path).filter(relative -> relative.endsWith(".py") && !relative.startsWith("/"));
    }

    @Override
    public Map<String, URI> links(RunRef run) {
        return Map.of();
    }

    @Override
    public boolean forget(RunRef run) {
        RunFolder folder = folder(run);
        try {
            if (folder.isStarted() && folder.isSupervised()) {
                return false;
            }
            FileSystemUtils.deleteRecursively(folder.path());
            return true;
        } catch (IOException e) {
            log.warn("The folder of run {} could not be removed: {}", run.submissionKey(), e.toString());
            return false;
        }
    }

    @Override
    public ClusterHealth health() {
        try {
            return new ClusterHealth(
                    "READY", "Runs are started with " + launchers.lastFound().description() + ".", clock.instant());
        } catch (CannotRun e) {
            return new ClusterHealth("UNAVAILABLE", e.getMessage(), clock.instant());
        }
    }

    private StartResult start(RunOrder order) {
        String key = order.run().submissionKey();
        RunFolder folder = folder(order.run());
        try {
            if (folder.isStarted()) {
                return new StartResult.Accepted(key, folder.supervisor(), null);
            }
            Launcher launcher = launchers.find();
            return result(key, folder, launcher, launch(order, folder, launcher));
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

    private OptionalInt launch(RunOrder order, RunFolder folder, Launcher launcher) throws IOException, CannotRun {
        folder.create();
        folder.startsBySpark(launcher.sparkSubmit() != null);
        ModuleRunner.write(order.plan().entry(), folder.path());
        UnpackedProject project = UnpackedProject.unpack(store, order.plan().projectId(), folder);
        OptionalInt answer = OptionalInt.of(Supervisor.NOT_NOW);
        try {
            answer = supervisor.start(
                    launcher.python(),
                    folder,
                    new Supervisor.Order(
                            launcher.command(order, folder.path()),
                            environment.of(order.plan(), launcher, folder),
                            project.name(),
                            killGrace.toMillis() / 1000.0));
        } finally {
            if (answer.isPresent() && answer.getAsInt() != Supervisor.DONE) {
                project.delete();
            }
        }
        return answer;
    }

    private static StartResult result(String key, RunFolder folder, Launcher launcher, OptionalInt answer)
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
                        "The run's supervisor does not work with " + launcher.python() + ": " + folder.lastWord()));
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

    private Optional<RunReport> lookAtStarted(String key, RunFolder folder, Instant from) throws IOException {
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

    private static Optional<RunReport> ended(String key, RunFolder folder, Instant from) throws IOException {
        String id = folder.supervisor();
        return folder.status().map(status -> status.report(key, id, from));
    }

    private static RunReport live(String key, RunFolder folder, Instant from) throws IOException {
        Optional<Instant> since = folder.runningSince();
        Phase phase = since.isPresent() ? Phase.RUNNING : Phase.PENDING;
        return new RunReport(key, phase, folder.supervisor(), since.orElse(null), null, null, null, from);
    }

    /** Until it is certain that nothing of the run is left, nothing is said about it: a new attempt would run beside it. */
    private void bury(String key, RunFolder folder) throws IOException {
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
