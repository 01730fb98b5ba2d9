package io.slipway.reconcile;

import io.slipway.compute.Clusters;
import io.slipway.compute.Compute;
import io.slipway.compute.HintSource;
import io.slipway.jobs.JobChanged;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Turns the wheel: one thread for each cluster, so that a cluster that hangs keeps no other waiting, and one for what belongs to no
 * cluster. A turn happens every tick, and at once when a job of that cluster changed. A cluster that jobs name by its id has its thread
 * as long as there is something to do on it.
 */
@Component
class Loop implements SmartLifecycle {

    /** Stops before the web server does. */
    static final int PHASE = DEFAULT_PHASE;

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private final Clusters clusters;
    private final Map<String, Compute> turning = new ConcurrentHashMap<>();
    private final Reconciler reconciler;
    private final HintedLook hinted;
    private final Dispatcher dispatcher;
    private final Leadership leadership;
    private final Hints hints;
    private final List<HintSource> sources;
    private final ReconcileSettings settings;
    private final Clock clock;
    private final Map<String, Semaphore> wake = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastLook = new ConcurrentHashMap<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Set<Thread> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    Loop(
            Clusters clusters,
            Reconciler reconciler,
            HintedLook hinted,
            Dispatcher dispatcher,
            Leadership leadership,
            Hints hints,
            List<HintSource> sources,
            ReconcileSettings settings,
            Clock clock) {
        this.clusters = clusters;
        this.reconciler = reconciler;
        this.hinted = hinted;
        this.dispatcher = dispatcher;
        this.leadership = leadership;
        this.hints = hints;
        this.sources = sources;
        this.settings = settings;
        this.clock = clock;
        clusters.all().forEach(cluster -> turning.put(cluster.target().name(), cluster));
    }

    /** Every cluster's turn once, one after the other; what the tests call. */
    void tick() {
        housekeep();
        turning.values().forEach(this::turn);
    }

    private void housekeep() {
        reconciler.expire();
        Set<String> busy = reconciler.busyClusters();
        turning.keySet().stream()
                .filter(name -> !clusters.names().contains(name) && !busy.contains(name))
                .toList()
                .forEach(name -> {
                    turning.remove(name);
                    hints.forget(name);
                });
        for (String name : busy) {
            if (!turning.containsKey(name)) {
                clusters.find(name).ifPresent(this::add);
            }
        }
    }

    private void add(Compute cluster) {
        String name = cluster.target().name();
        turning.put(name, cluster);
        if (running) {
            spin(cluster);
        }
    }

    private void turn(Compute cluster) {
        String name = cluster.target().name();
        Instant now = clock.instant();
        hints.take(name, told -> hinted.look(cluster, told));
        Instant last = hints.hasClusterChanged(name) ? null : lastLook.get(name);
        Duration pace = hints.areFlowing(name)
                        && settings.hintedPace().compareTo(cluster.target().pace()) > 0
                ? settings.hintedPace()
                : cluster.target().pace();
        boolean due = last == null || !now.isBefore(last.plus(pace));
        if (due) {
            lastLook.put(name, now);
        }
        int free = reconciler.turn(cluster, due || cluster.isLookUnfinished());
        dispatcher.fill(cluster, free);
    }

    @EventListener
    void changed(JobChanged change) {
        wake(change.cluster());
    }

    private void wake(String cluster) {
        Semaphore sleeping = wake.get(cluster);
        if (sleeping != null) {
            sleeping.release();
        }
    }

    /** As long as this replica leads: another's news are not taken from it. */
    private void listen(HintSource source) {
        try {
            while (running && leadership.isLeader()) {
                hear(source);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    void hear(HintSource source) throws InterruptedException {
        source.poll(hint -> {
            if (!turning.containsKey(hint.cluster())) {
                // Nothing of ours is on it: nobody would ever take the news.
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> done = hints.add(hint);
            wake(hint.cluster());
            return done;
        });
    }

    @Override
    public void start() {
        running = true;
        spin("(housekeeping)", this::housekeep, () -> running, threads);
        turning.values().forEach(this::spin);
        sources.forEach(source -> spin("(events)", () -> listen(source), () -> running, listeners));
    }

    private void spin(Compute cluster) {
        String name = cluster.target().name();
        spin(name, () -> turn(cluster), () -> running && cluster.equals(turning.get(name)), threads);
    }

    private void spin(String name, Runnable turn, BooleanSupplier goesOn, Set<Thread> kin) {
        Semaphore sleeping = wake.computeIfAbsent(name, key -> new Semaphore(0));
        Thread thread = new Thread(
                () -> {
                    spin(name, turn, sleeping, goesOn);
                    kin.remove(Thread.currentThread());
                },
                "loop-" + name);
        thread.setDaemon(true);
        kin.add(thread);
        thread.start();
    }

    private void spin(String name, Runnable turn, Semaphore sleeping, BooleanSupplier goesOn) {
        while (goesOn.getAsBoolean()) {
            try {
                if (leadership.isLeader()) {
                    turn.run();
                }
                if (sleeping.tryAcquire(settings.tick().toMillis(), TimeUnit.MILLISECONDS)) {
                    sleeping.drainPermits();
                }
            } catch (InterruptedException nudge) {
                // Nobody stops the loop in this way: a cluster must not be left alone because somebody else's timer
                // came late.
                log.warn("The loop of {} was interrupted and goes on.", name);
            } catch (RuntimeException failure) {
                log.warn("A turn of {} failed and is tried again: {}", name, failure.toString(), failure);
                pause(sleeping);
            }
        }
    }

    private void pause(Semaphore sleeping) {
        try {
            // Not woken by new jobs: whatever failed should not be hammered.
            TimeUnit.MILLISECONDS.sleep(settings.tick().toMillis());
        } catch (InterruptedException stop) {
            running = false;
        }
        sleeping.drainPermits();
    }

    @Override
    public void stop() {
        running = false;
        threads.forEach(thread -> wake.values().forEach(Semaphore::release));
        List.copyOf(threads).forEach(Loop::join);
        threads.clear();
        // Not waited for: who waits for news changes nothing, and the end of his source ends the wait.
        listeners.forEach(Thread::interrupt);
        listeners.clear();
    }

    private static void join(Thread thread) {
        try {
            // Not interrupted: a call that is under way may already have reached the cluster.
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
