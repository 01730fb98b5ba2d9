package io.slipway.project;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Other projects take all that there is for looking at projects; the same request may be sent again. */
public final class InspectionsBusy extends RuntimeException {

    private InspectionsBusy(Duration waited) {
        super("Too many projects are looked at now: there was no place for this one within " + waited.toSeconds()
                + " s.");
    }

    /** Waits for a place, at most so long. */
    public static void take(Semaphore places, Duration longest) {
        try {
            if (places.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        throw new InspectionsBusy(longest);
    }
}
