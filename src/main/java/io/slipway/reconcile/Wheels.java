package io.slipway.reconcile;

import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The wheels of the loop. Each takes its turn every tick while this replica leads, and at once when it is woken; it goes on whatever a
 * turn throws, and beats for each turn, taken, failed or left to another replica. A wheel has a thread only while it turns: one that hangs
 * keeps no other waiting, and a thousand that rest need none.
 */
final class Wheels {

    private static final long LONGEST_STOP = TimeUnit.SECONDS.toMillis(20);

    private static final long IDLE_SECONDS = 5;

    private final Duration tick;
    private final BooleanSupplier leads;
    private final Faults faults;
    private final Heartbeat heartbeat;
    private final Map<String, Wheel> wheels = new ConcurrentHashMap<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ScheduledThreadPoolExecutor timer;
    private volatile @Nullable ThreadPoolExecutor workers;

    Wheels(Duration tick, BooleanSupplier leads, Faults faults, Heartbeat heartbeat) {
        this.tick = tick;
        this.leads = leads;
        this.faults = faults;
        this.heartbeat = heartbeat;
    }

    void start() {
        ScheduledThreadPoolExecutor begun = new ScheduledThreadPoolExecutor(1, work -> daemon(work, "loop-timer"));
        begun.setRemoveOnCancelPolicy(true);
        timer = begun;
        workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> daemon(work, Wheel.RESTING));
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    boolean areRunning() {
        return timer != null;
    }

    /** Turns it as long as it goes on. */
    void spin(String name, Runnable turn, BooleanSupplier goesOn) {
        wheel(name, turn, goesOn, threads).wake();
    }

    /** As {@link #spin}, from the next tick on, if nobody wakes it before: first turns are long, and hold up whoever starts the service. */
    void spinSoon(String name, Runnable turn, BooleanSupplier goesOn) {
        wheel(name, turn, goesOn, threads).rest();
    }

    /** @param kin where the thread is found during a turn */
    void spin(String name, Runnable turn, BooleanSupplier goesOn, Set<Thread> kin) {
        wheel(name, turn, goesOn, kin).wake();
    }

    private Wheel wheel(String name, Runnable turn, BooleanSupplier goesOn, Set<Thread> kin) {
        Wheel wheel = new Wheel(name, turn, goesOn, kin, new Drive());
        wheels.put(name, wheel);
        return wheel;
    }

    void wake(String name) {
        Wheel wheel = wheels.get(name);
        if (wheel != null) {
            wheel.wake();
        }
    }

    /** Waits for turns that are under way. */
    void stop() {
        ScheduledThreadPoolExecutor ticking = timer;
        ThreadPoolExecutor turning = workers;
        timer = null;
        if (ticking == null || turning == null) {
            return;
        }
        ticking.shutdownNow();
        turning.shutdown();
        List.copyOf(threads).forEach(Wheels::join);
        threads.clear();
        wheels.clear();
    }

    private static void join(Thread thread) {
        try {
            // Not interrupted: a call that is under way may already have reached the cluster.
            thread.join(LONGEST_STOP);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** What all wheels share. */
    final class Drive {

        boolean isLeader() {
            return leads.getAsBoolean();
        }

        boolean isRunning() {
            return areRunning();
        }

        void beat(String name) {
            heartbeat.beat(name);
        }

        void fault(Throwable fault) {
            faults.caught("loop", fault);
        }

        /** Nothing happens any more when the loop has stopped. */
        void now(Runnable turn) {
            ThreadPoolExecutor there = workers;
            if (there != null && !there.isShutdown()) {
                there.execute(turn);
            }
        }

        void afterATick(Runnable next) {
            ScheduledThreadPoolExecutor there = timer;
            if (there != null) {
                there.schedule(faults.once("loop", next), tick.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        void ended(Wheel wheel) {
            heartbeat.ended(wheel.thread());
            wheels.remove(wheel.name(), wheel);
        }
    }
}
