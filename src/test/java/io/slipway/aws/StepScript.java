package io.slipway.aws;

import java.time.Duration;

/**
 * How a step behaves once it runs.
 *
 * @param runs from RUNNING to its end
 * @param outcome {@code COMPLETED}, {@code FAILED} or {@code INTERRUPTED}
 * @param failure what EMR says of the failure; {@code null} for nothing, as it does at times
 * @param applicationRuns how long its YARN application would run if nobody ended it. Pessimism where that is longer: nothing says
 *     that a step which failed has taken its application with it.
 */
public record StepScript(Duration runs, String outcome, String failure, Duration applicationRuns) {

    private static final Duration FOR_EVER = Duration.ofDays(365);

    public StepScript(Duration runs, String outcome, String failure) {
        this(runs, outcome, failure, runs);
    }

    public static StepScript succeedsAfter(Duration runs) {
        return new StepScript(runs, "COMPLETED", null);
    }

    public static StepScript failsAfter(Duration runs, String failure) {
        return new StepScript(runs, "FAILED", failure);
    }

    /** Ends only when it is cancelled. */
    public static StepScript runsLong() {
        return succeedsAfter(FOR_EVER);
    }

    /** The same step, with an application that goes on when it has ended. */
    public StepScript outlived() {
        return new StepScript(runs, outcome, failure, FOR_EVER);
    }
}
