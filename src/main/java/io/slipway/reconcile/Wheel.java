package io.slipway.reconcile;

import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the {@link Wheels}: it rests, or one thread turns it. */
final class Wheel {

    static final String RESTING = "loop-resting";

    private static final Logger log = LoggerFactory.getLogger(Wheel.class);

    private final String name;
    private final Runnable turn;
    private final BooleanSupplier goesOn;
    private final Set<Thread> kin;
    private final Wheels.Drive drive;

    private boolean turning;

    /** Somebody woke it during its turn. */
    private boolean woken;

    /** Not woken by new jobs: whatever failed should not be hammered. */
    private boolean paused;

    /** Counts its rests, so that a timer of an earlier one does nothing. */
    private long rests;

    Wheel(String name, Runnable turn, BooleanSupplier goesOn, Set<Thread> kin, Wheels.Drive drive) {
        this.name = name;
        this.turn = turn;
        this.goesOn = goesOn;
        this.kin = kin;
        this.drive = drive;
        drive.beat(thread());
    }

    String name() {
        return name;
    }

    /** How its thread is called during a turn, and how it is missed. */
    String thread() {
        return "loop-" + name;
    }

    synchronized void wake() {
        if (turning) {
            woken = true;
        } else if (!paused) {
            begin();
        }
    }

    /** Until the next tick. */
    void rest() {
        rest(false);
    }

    private synchronized void tick(long rest) {
        if (!turning && rest == rests) {
            begin();
        }
    }

    private synchronized void begin() {
        turning = true;
        woken = false;
        try {
            drive.now(this::run);
        } catch (RejectedExecutionException stopped) {
            turning = false;
        } catch (Throwable fault) {
            // No thread for it, say. It is tried again after a tick.
            rest(true);
            throw fault;
        }
    }

    private void run() {
        Thread thread = Thread.currentThread();
        thread.setName(thread());
        kin.add(thread);
        boolean failed = true;
        try {
            drive.beat(thread());
            if (drive.isLeader()) {
                turn.run();
            }
            failed = false;
        } catch (RuntimeException failure) {
            log.warn("A turn of {} failed and is tried again: {}", name, failure.toString(), failure);
        } catch (Throwable fault) {
            drive.fault(fault);
        } finally {
            if (Thread.interrupted() && drive.isRunning()) {
                // Nobody stops the loop in this way: a cluster must not be left alone because somebody else's timer
                // came late.
                log.warn("The loop of {} was interrupted and goes on.", name);
            }
            kin.remove(thread);
            thread.setName(RESTING);
            rest(failed);
        }
    }

    private synchronized void rest(boolean failed) {
        turning = false;
        paused = failed;
        rests++;
        if (!drive.isRunning() || !goesOn.getAsBoolean()) {
            drive.ended(this);
        } else if (woken && !failed) {
            begin();
        } else {
            long rest = rests;
            drive.afterATick(() -> tick(rest));
        }
    }
}
