package io.slipway.reconcile;

import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of the loop. Each takes its turn every tick while this replica leads, and at once when it is woken; it goes on whatever a
 * turn throws, and beats for each turn, taken, failed or left to another replica.
 */
final class Wheels {

    private static final Logger log = LoggerFactory.getLogger(Wheels.class);

    private static final long LONGEST_STOP = TimeUnit.SECONDS.toMillis(20);

    private final Duration tick;
    private final BooleanSupplier leads;
    private final Faults faults;
    private final Heartbeat heartbeat;
    private final Map<String, Semaphore> wake = new ConcurrentHashMap<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    Wheels(Duration tick, BooleanSupplier leads, Faults faults, Heartbeat heartbeat) {
        this.tick = tick;
        this.leads = leads;
        this.faults = faults;
        this.heartbeat = heartbeat;
    }

    void start() {
        running = true;
    }

    boolean areRunning() {
        return running;
    }

    /** Turns it on a thread of its own as long as it goes on. */
    void spin(String name, Runnable turn, BooleanSupplier goesOn) {
        spin(name, turn, goesOn, threads);
    }

    /** @param kin where the thread is found as long as it lives */
    void spin(String name, Runnable turn, BooleanSupplier goesOn, Set<Thread> kin) {
        Semaphore sleeping = wake.computeIfAbsent(name, key -> new Semaphore(0));
        Runnable work = faults.restarting("loop", () -> turn(name, turn, sleeping, goesOn));
        Thread thread = new Thread(
                () -> {
                    work.run();
                    heartbeat.ended(Thread.currentThread().getName());
                    kin.remove(Thread.currentThread());
                },
                "loop-" + name);
        thread.setDaemon(true);
        kin.add(thread);
        heartbeat.beat(thread.getName());
        thread.start();
    }

    private void turn(String name, Runnable turn, Semaphore sleeping, BooleanSupplier goesOn) {
        while (running && goesOn.getAsBoolean()) {
            heartbeat.beat();
            try {
                if (leads.getAsBoolean()) {
                    turn.run();
                }
                if (sleeping.tryAcquire(tick.toMillis(), TimeUnit.MILLISECONDS)) {
                    sleeping.drainPermits();
                }
            } catch (InterruptedException nudge) {
                // Nobody stops the loop in this way: a cluster must not be left alone because somebody else's timer
                // came late.
                log.warn("The loop of {} was interrupted and goes on.", name);
            } catch (RuntimeException failure) {
                log.warn("A turn of {} failed and is tried again: {}", name, failure.toString(), failure);
                pause(name, sleeping);
            }
        }
    }

    private void pause(String name, Semaphore sleeping) {
        try {
            // Not woken by new jobs: whatever failed should not be hammered.
            TimeUnit.MILLISECONDS.sleep(tick.toMillis());
        } catch (InterruptedException nudge) {
            log.warn("The loop of {} was interrupted and goes on.", name);
        }
        sleeping.drainPermits();
    }

    void wake(String name) {
        Semaphore sleeping = wake.get(name);
        if (sleeping != null) {
            sleeping.release();
        }
    }

    /** Waits for turns that are under way. */
    void stop() {
        running = false;
        wake.values().forEach(sleeping -> sleeping.release(threads.size() + 1));
        List.copyOf(threads).forEach(Wheels::join);
        threads.clear();
    }

    private static void join(Thread thread) {
        try {
            // Not interrupted: a call that is under way may already have reached the cluster.
            thread.join(LONGEST_STOP);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
