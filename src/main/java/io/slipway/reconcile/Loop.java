package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterEventSource;
import io.slipway.compute.Clusters;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobChanged;
import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Turns the wheels: one for each cluster, so that a cluster that hangs keeps no other waiting, and one for what belongs to no cluster. A
 * turn happens every tick, and at once when a job of that cluster changed; it asks the database for nothing where, by the {@link
 * Worklist}, there is nothing to do. A cluster that jobs name by its id has its wheel as long as there is something to
 * do on it.
 */
@Component
class Loop implements SmartLifecycle {

    /** Stops before the web server does. */
    static final int PHASE = DEFAULT_PHASE;

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private static final Duration BY_IDS_PACE = Duration.ofSeconds(2);
    private static final Duration CLUSTER_PACE = Duration.ofMinutes(10);

    private final Clusters clusters;
    private final Map<String, Cluster> turning = new ConcurrentHashMap<>();
    private final Worklist worklist;
    private final Reconciler reconciler;
    private final TargetedPoll hinted;
    private final GatheredLooks gathered;
    private final Dispatcher dispatcher;
    private final OrderDesk orders;
    private final BuildSlots builds;
    private final Leadership leadership;
    private final ClusterEvents clusterEvents;
    private final List<ClusterEventSource> sources;
    private final ReconcileSettings settings;
    private final Wheels wheels;
    private final Heartbeat heartbeat;
    private final Clock clock;
    private final Map<String, Instant> lastLook = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastLookAtItself = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastLookByIds = new ConcurrentHashMap<>();

    /** Clusters of whose runs nothing is to be expected that their drivers do not report. */
    private final Set<String> driversReportTheRest = ConcurrentHashMap.newKeySet();

    private final Set<Thread> listeners = ConcurrentHashMap.newKeySet();

    Loop(
            Clusters clusters,
            Worklist worklist,
            Reconciler reconciler,
            TargetedPoll hinted,
            GatheredLooks gathered,
            Dispatcher dispatcher,
            OrderDesk orders,
            BuildSlots builds,
            Leadership leadership,
            ClusterEvents clusterEvents,
            List<ClusterEventSource> sources,
            ReconcileSettings settings,
            Faults faults,
            @Qualifier("loopHeartbeat") Heartbeat heartbeat,
            Clock clock) {
        this.clusters = clusters;
        this.worklist = worklist;
        this.reconciler = reconciler;
        this.hinted = hinted;
        this.gathered = gathered;
        this.dispatcher = dispatcher;
        this.orders = orders;
        this.builds = builds;
        this.leadership = leadership;
        this.clusterEvents = clusterEvents;
        this.sources = sources;
        this.settings = settings;
        this.wheels = new Wheels(settings.tick(), leadership::isLeader, faults, heartbeat);
        this.heartbeat = heartbeat;
        this.clock = clock;
        clusters.all().forEach(cluster -> turning.put(name(cluster), cluster));
    }

    /** Every cluster's turn once, one after the other; what the tests call. */
    void tick() {
        housekeep();
        turning.values().forEach(this::turn);
    }

    private void housekeep() {
        reconciler.expire();
        worklist.renew().forEach(wheels::wake);
        turning.keySet().stream()
                .filter(name -> !clusters.names().contains(name) && !worklist.hasWork(name))
                .toList()
                .forEach(name -> {
                    turning.remove(name);
                    clusterEvents.forget(name);
                    reconciler.forget(name);
                    gathered.forget(name);
                    lastLookAtItself.remove(name);
                    lastLookByIds.remove(name);
                    driversReportTheRest.remove(name);
                });
        for (String name : worklist.all()) {
            if (!turning.containsKey(name)) {
                clusters.find(name).ifPresent(this::add);
            }
        }
    }

    private void add(Cluster cluster) {
        String name = name(cluster);
        turning.put(name, cluster);
        if (isRunning()) {
            wheels.spin(name, () -> turn(cluster), isTurning(cluster));
        }
    }

    private void turn(Cluster cluster) {
        String name = name(cluster);
        Instant now = clock.instant();
        clusterEvents.take(name, events -> hinted.look(cluster, events));
        lookByIds(cluster, now);
        Instant last = clusterEvents.takeClusterChange(name) ? null : lastLook.get(name);
        boolean due = last == null || isTimeForAFullLook(cluster, last, now);
        if (due) {
            lastLook.put(name, now);
        }
        orders.turn(name);
        if (!worklist.hasWork(name)) {
            if (due) {
                reconciler.lookAtIdle(cluster);
            }
            return;
        }
        int free = reconciler.turn(cluster, due || reconciler.hasMoreToLookAt(cluster));
        if (worklist.mayWait(name)) {
            dispatcher.fill(cluster, free - builds.of(name));
        }
    }

    /** Full looks are rare there; that a cluster ends is told by none of its drivers. */
    private void lookByIds(Cluster cluster, Instant now) {
        String name = name(cluster);
        if (!clusterEvents.driversReportEnds(name)) {
            driversReportTheRest.remove(name);
            return;
        }
        Instant before = lastLookByIds.get(name);
        if (before != null && now.isBefore(before.plus(BY_IDS_PACE))) {
            return;
        }
        lastLookByIds.put(name, now);
        try {
            List<Job> live = reconciler.live(cluster);
            if (Reconciler.driversReportTheRest(live)) {
                driversReportTheRest.add(name);
            } else {
                driversReportTheRest.remove(name);
            }
            hinted.lookAtGathered(cluster, live);
            if (isSilent(cluster, now)) {
                lastLookAtItself.put(name, now);
                hinted.lookAtItself(cluster);
            }
        } catch (ComputeUnavailable later) {
            log.debug("Runs of {} are looked at with a later turn: {}", name, later.getMessage());
        }
    }

    /** Whether the cluster has said nothing of itself for long, and was not asked either; that it took new runs says enough. */
    private boolean isSilent(Cluster cluster, Instant now) {
        Instant asked = lastLookAtItself.putIfAbsent(name(cluster), now);
        Instant seen = cluster.health().seenAt();
        return asked != null
                && !now.isBefore(asked.plus(CLUSTER_PACE))
                && (seen == null || !now.isBefore(seen.plus(CLUSTER_PACE)));
    }

    /** The more of them report by themselves, the rarer the looks. */
    private boolean isTimeForAFullLook(Cluster cluster, Instant last, Instant now) {
        String name = name(cluster);
        if (now.isBefore(last.plus(cluster.traits().pace()))) {
            return false;
        }
        if (driversReportTheRest.contains(name)) {
            return Timetable.isTurn(name, last, now, settings.driverPace());
        }
        return !clusterEvents.areFlowing(name) || !now.isBefore(last.plus(settings.hintedPace()));
    }

    @EventListener
    void changed(JobChanged change) {
        wheels.wake(change.cluster());
    }

    /** As long as this replica leads: another's news are not taken from it. */
    private void listen(ClusterEventSource source) {
        try {
            while (isRunning() && leadership.isLeader()) {
                heartbeat.beat();
                if (source.mayHaveNews(worklist.all())) {
                    poll(source);
                } else {
                    TimeUnit.MILLISECONDS.sleep(settings.tick().toMillis());
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    void poll(ClusterEventSource source) throws InterruptedException {
        source.poll(event -> {
            if (!turning.containsKey(event.cluster())) {
                // Nothing of ours is on it: nobody would ever take the news.
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> done = clusterEvents.add(event);
            wheels.wake(event.cluster());
            return done;
        });
    }

    @Override
    public void start() {
        wheels.start();
        wheels.spinSoon("(housekeeping)", this::housekeep, () -> true);
        turning.values().forEach(cluster -> wheels.spinSoon(name(cluster), () -> turn(cluster), isTurning(cluster)));
        sources.forEach(source -> wheels.spin("(events)", () -> listen(source), () -> true, listeners));
    }

    private BooleanSupplier isTurning(Cluster cluster) {
        return () -> cluster.equals(turning.get(name(cluster)));
    }

    private static String name(Cluster cluster) {
        return cluster.traits().name();
    }

    @Override
    public void stop() {
        wheels.stop();
        // Not waited for: who waits for news changes nothing, and the end of his source ends the wait.
        listeners.forEach(Thread::interrupt);
        listeners.clear();
    }

    @Override
    public boolean isRunning() {
        return wheels.areRunning();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
