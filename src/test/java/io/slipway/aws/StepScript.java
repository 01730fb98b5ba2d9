package io.slipway.aws;

import java.time.Duration;

/**
 * How a step behaves once it runs.
 *
 * @param runs from RUNNING to its end
 * @param outcome {@code COMPLETED}, {@code FAILED} or {@code INTERRUPTED}
 * @param failure what EMR says of the failure; {@code null} for nothing, as it does at times
 */
public record StepScript(Duration runs, String outcome, String failure) {

    public static StepScript succeedsAfter(Duration runs) {
        return new StepScript(runs, "COMPLETED", null);
    }

    public static StepScript failsAfter(Duration runs, String failure) {
        return new StepScript(runs, "FAILED", failure);
    }

    /** Ends only when it is cancelled. */
    public static StepScript runsLong() {
        return succeedsAfter(Duration.ofDays(365));
    }
}
