package io.slipway.project;

import java.time.Duration;

/** Other projects take all that there is for looking at projects; the same request may be sent again. */
public final class InspectionsBusy extends RuntimeException {

    InspectionsBusy(Duration waited) {
        super("Too many projects are looked at now: there was no place for this one within " + waited.toSeconds()
                + " s.");
    }
}
