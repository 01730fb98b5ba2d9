package io.slipway.project;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Other projects take all that there is for looking at projects; the same request may be sent again. */
public final class InspectionsBusy extends RuntimeException {

    private InspectionsBusy(Duration waited) {
        super("Too many projects are looked at now: this one has waited for more than " + waited.toSeconds() + " s.");
    }

    /** Waits for a slot, at most so long. */
    public static void take(Semaphore slots, Duration longest) {
        take(slots, 1, longest);
    }

    /** The same for several slots at once. */
    public static void take(Semaphore slots, int count, Duration longest) {
        try {
            if (slots.tryAcquire(count, longest.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        throw new InspectionsBusy(longest);
    }
}
