package io.slipway.reconcile;

import io.slipway.compute.Clusters;
import io.slipway.compute.Compute;
import io.slipway.compute.HintSource;
import io.slipway.jobs.JobChanged;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Turns the wheel: one thread for each cluster, so that a cluster that hangs keeps no other waiting, and one for what belongs to no
 * cluster. A turn happens every tick, and at once when a job of that cluster changed.
 */
@Component
class Loop implements SmartLifecycle {

    /** Stops before the web server does. */
    static final int PHASE = DEFAULT_PHASE;

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private final Clusters clusters;
    private final Reconciler reconciler;
    private final Dispatcher dispatcher;
    private final Leadership leadership;
    private final Hints hints;
    private final List<HintSource> sources;
    private final ReconcileSettings settings;
    private final Clock clock;
    private final Map<String, Semaphore> wake = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastLook = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running;

    Loop(
            Clusters clusters,
            Reconciler reconciler,
            Dispatcher dispatcher,
            Leadership leadership,
            Hints hints,
            List<HintSource> sources,
            ReconcileSettings settings,
            Clock clock) {
        this.clusters = clusters;
        this.reconciler = reconciler;
        this.dispatcher = dispatcher;
        this.leadership = leadership;
        this.hints = hints;
        this.sources = sources;
        this.settings = settings;
        this.clock = clock;
    }

    /** Every cluster's turn once, one after the other; what the tests call. */
    void tick() {
        reconciler.expire();
        clusters.all().forEach(this::turn);
    }

    private void turn(Compute cluster) {
        String name = cluster.target().name();
        Instant now = clock.instant();
        Instant last = lastLook.get(name);
        hints.take(name, told -> reconciler.hinted(cluster, told));
        Duration pace = hints.areFlowing(name)
                        && settings.hintedPace().compareTo(cluster.target().pace()) > 0
                ? settings.hintedPace()
                : cluster.target().pace();
        boolean look = last == null || !now.isBefore(last.plus(pace));
        if (look) {
            lastLook.put(name, now);
        }
        int live = reconciler.turn(cluster, look);
        dispatcher.fill(cluster, live);
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

    private void listen(HintSource source) {
        try {
            Hints.poll(source, told -> hints.deliver(told, this::wake));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        running = true;
        spin("(housekeeping)", reconciler::expire);
        clusters.all().forEach(cluster -> spin(cluster.target().name(), () -> turn(cluster)));
        for (HintSource source : sources) {
            spin("(events)", () -> listen(source));
        }
    }

    private void spin(String name, Runnable turn) {
        Semaphore sleeping = wake.computeIfAbsent(name, key -> new Semaphore(0));
        Thread thread = new Thread(() -> spin(name, turn, sleeping), "loop-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void spin(String name, Runnable turn, Semaphore sleeping) {
        while (running) {
            try {
                if (leadership.isLeader()) {
                    turn.run();
                }
                if (sleeping.tryAcquire(settings.tick().toMillis(), TimeUnit.MILLISECONDS)) {
                    sleeping.drainPermits();
                }
            } catch (InterruptedException stop) {
                return;
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
        threads.forEach(Loop::join);
        threads.clear();
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
