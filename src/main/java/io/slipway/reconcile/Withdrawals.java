package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.Occupancy;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Run;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import io.slipway.jobs.UnknownJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/**
 * Sees to it that a cleanup step is the next to run. A cluster starts its steps in the order in which it got them, so whatever of ours
 * waits there is taken back while the run that is to be stopped still holds its slot, and nothing new goes there until the cleanup step
 * has gone. A cluster that needs very long for all that is not kept empty for it.
 */
@Component
class Withdrawals {

    private static final Logger log = LoggerFactory.getLogger(Withdrawals.class);

    private final JobTransactions transactions;
    private final ReconcileSettings settings;
    private final Clock clock;
    private final Duration betweenLooks;

    /** So long there are more looks than usual. */
    private final Duration wanted;

    /** So long others are held back. */
    private final Duration longest;

    private final Map<String, Scene> scenes = new ConcurrentHashMap<>();

    Withdrawals(JobTransactions transactions, ReconcileSettings settings, Clock clock) {
        this.transactions = transactions;
        this.settings = settings;
        this.clock = clock;
        this.betweenLooks = settings.makeWay().dividedBy(5);
        this.wanted = settings.makeWay().multipliedBy(3);
        this.longest = settings.makeWay().multipliedBy(12);
    }

    /** What its loop, which is one thread, remembers of a cluster. */
    private static final class Scene {
        /** By submission key: since when the run is known to be one that is to be stopped. */
        private Map<SubmissionKey, Instant> stops = Map.of();
        /** By submission key: when the cluster took the wish to give the run back. */
        private final Map<SubmissionKey, Instant> asked = new HashMap<>();

        private Instant lookedAt = Instant.MIN;
        private int cleanups;
    }

    private Scene scene(Cluster cluster) {
        return scenes.computeIfAbsent(cluster.traits().name(), name -> new Scene());
    }

    /**
     * These are the cluster's live runs now.
     *
     * @param cleanups how many cleanup steps are under way
     */
    void record(Cluster cluster, List<Job> live, int cleanups) {
        Scene scene = scene(cluster);
        scene.cleanups = cleanups;
        Instant now = clock.instant();
        Map<SubmissionKey, Instant> stops = new HashMap<>();
        if (cluster.cleanup().isPresent()) {
            live.stream()
                    .filter(job -> job.state() == JobState.RUNNING && job.isStopRequested())
                    .map(Withdrawals::key)
                    .forEach(key -> stops.put(key, scene.stops.getOrDefault(key, now)));
        }
        scene.stops = stops;
        scene.asked.keySet().retainAll(live.stream().map(Withdrawals::key).collect(Collectors.toSet()));
    }

    /** The cluster was looked at. */
    void looked(Cluster cluster) {
        scene(cluster).lookedAt = clock.instant();
    }

    /** Whether somebody waits for what a look would tell: more often than usual, since every step of the way is one. */
    boolean wantALook(Cluster cluster) {
        Scene scene = scene(cluster);
        Instant now = clock.instant();
        return scene.stops.values().stream().anyMatch(since -> now.isBefore(since.plus(wanted)))
                && (scene.lookedAt.equals(Instant.MIN) || !now.isBefore(scene.lookedAt.plus(betweenLooks)));
    }

    /** Whether the run may be stopped: nothing of ours would get its slot, or that was waited for long enough. */
    boolean mayStop(Cluster cluster, Occupancy seen, Job job, List<Job> live) {
        Instant since = scene(cluster).stops.get(key(job));
        return since == null
                || !clock.instant().isBefore(since.plus(settings.makeWay()))
                || !isFull(cluster, seen, live)
                || live.stream()
                        .filter(other -> other.state() != JobState.RUNNING)
                        .noneMatch(other -> Objects.equals(clusterId(other), clusterId(job)));
    }

    /**
     * Takes back what waits. To be called after a look alone: what has begun by then is left alone.
     *
     * @param left runs that wait for a cleanup step
     * @throws ComputeUnavailable when the cluster did not get it
     */
    void makeWay(Cluster cluster, Occupancy seen, List<Job> live, List<Run> left) {
        if (!isFull(cluster, seen, live)) {
            // A slot is free: whatever waits is about to begin.
            return;
        }
        Scene scene = scene(cluster);
        List<Optional<String>> clusterIds = Stream.concat(
                        live.stream().filter(isStopping(scene)).map(Withdrawals::clusterId),
                        left.stream()
                                .filter(this::isUrgent)
                                .map(run -> run.ref().clusterId()))
                .map(Optional::ofNullable)
                .distinct()
                .toList();
        List<RunRef> due = live.stream()
                .filter(job -> job.state() == JobState.PENDING && !job.isStopRequested())
                .filter(job -> clusterIds.contains(Optional.ofNullable(clusterId(job))))
                .filter(job -> isDue(scene.asked.get(key(job))))
                .flatMap(job -> intended(job).stream())
                .toList();
        if (!due.isEmpty()) {
            log.info(
                    "{} runs that wait on {} are taken back: a cleanup step goes first.",
                    due.size(),
                    cluster.traits().name());
            cluster.executor().withdraw(due);
            Instant now = clock.instant();
            due.forEach(run -> scene.asked.put(run.submissionKey(), now));
        }
    }

    /**
     * How many more runs may go to the cluster: as long as a cleanup step is to come, no more than begin at once.
     *
     * @param taken how many slots are taken
     * @param left runs that wait for a cleanup step which has not gone
     */
    int free(Cluster cluster, Occupancy seen, int taken, List<Job> live, List<Run> left) {
        // Other people's runs may leave less than there are slots.
        int slots = Math.min(cluster.traits().slots(), seen.freeSlots()) - taken;
        boolean ended = left.stream()
                .filter(this::isUrgent)
                .anyMatch(run -> isWhereRunsGo(seen, run.ref().clusterId()));
        boolean stops =
                live.stream().filter(isStopping(scene(cluster))).anyMatch(job -> isWhereRunsGo(seen, clusterId(job)));
        if (!ended && !stops) {
            return slots;
        }
        if (seen.others() >= seen.runsAtOnce()) {
            // Holding back frees nothing there: others have all that begins next.
            return slots;
        }
        int beginAtOnce = seen.runsAtOnce() - seen.others() - taken - (ended ? 1 : 0);
        return Math.max(0, Math.min(slots, beginAtOnce));
    }

    private static boolean isWhereRunsGo(Occupancy seen, @Nullable String clusterId) {
        return Objects.equals(clusterId, seen.clusterId());
    }

    /** Not for ever: a run that cannot be stopped must not keep the others waiting. */
    private Predicate<Job> isStopping(Scene scene) {
        return job -> {
            Instant since = scene.stops.get(key(job));
            return since != null && isRecent(since);
        };
    }

    /** What nobody waits for does not go before everybody else: an attempt that follows a failed one waits its turn. */
    private boolean isUrgent(Run run) {
        Instant ended = run.endedAt();
        return (run.job().state().isTerminal() || run.isCancelSent()) && ended != null && isRecent(ended);
    }

    private boolean isRecent(Instant since) {
        return clock.instant().isBefore(since.plus(longest));
    }

    private boolean isDue(@Nullable Instant asked) {
        return asked == null || !clock.instant().isBefore(asked.plus(settings.cancelAgain()));
    }

    private boolean isFull(Cluster cluster, Occupancy seen, List<Job> live) {
        // A cleanup step that is under way goes first: it has a slot, or is about to have one.
        long running =
                live.stream().filter(job -> job.state() == JobState.RUNNING).count() + scene(cluster).cleanups;
        return running + seen.others() - seen.othersWaiting() >= seen.runsAtOnce();
    }

    /** Committed before the cluster hears of it: else the end of the run would be taken for somebody else's doing. */
    private Optional<RunRef> intended(Job seen) {
        RunRef run = Reconciler.ref(seen);
        if (run.remoteId() == null) {
            return Optional.empty();
        }
        try {
            transactions.decide(seen, job -> job.withdrawAsked(run, clock.instant()));
            return Optional.of(run);
        } catch (OptimisticLockingFailureException | IllegalJobChange | UnknownJob overtaken) {
            log.debug("Job {} went on before it could be taken back: {}", seen.id(), overtaken.getMessage());
            return Optional.empty();
        }
    }

    private static SubmissionKey key(Job job) {
        return Reconciler.ref(job).submissionKey();
    }

    private static @Nullable String clusterId(Job job) {
        return Reconciler.ref(job).clusterId();
    }
}
