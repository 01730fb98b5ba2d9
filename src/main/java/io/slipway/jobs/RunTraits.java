package io.slipway.jobs;

/**
 * What the end of a run means on its cluster.
 *
 * @param startsApplications whether the program runs in an application of its own, whose id is told by the run's logs
 * @param explainedLater whether the logs that say why it failed come after its end
 * @param leftovers what becomes of an application that goes on after its run was stopped
 * @param runsOfOthers how many runs of others a cleanup would have to wait for
 */
public record RunTraits(boolean startsApplications, boolean explainedLater, Leftovers leftovers, int runsOfOthers) {

    /** The end of a run is the end of everything, and says why. */
    public static final RunTraits NONE = new RunTraits(false, false, Leftovers.NONE, 0);

    /** What may go on when a run was stopped. */
    public enum Leftovers {
        /** Nothing. */
        NONE,
        /** Its application, which a cleanup ends. */
        CLEANED_UP,
        /** Its application, and nobody ends it. */
        STAY
    }
}
