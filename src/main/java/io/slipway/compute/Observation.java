package io.slipway.compute;

import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import java.util.List;

/**
 * The result of one look at a cluster.
 *
 * @param reports one for each run about which something was learned, and none for the others
 * @param unexpectedRuns active runs that nobody asked about, under keys as Slipway makes them
 * @param occupancy who is there
 * @param complete whether everything was looked at; else the next look goes on where this one stopped, and should be soon
 */
public record Observation(List<RunReport> reports, List<RunRef> unexpectedRuns, Occupancy occupancy, boolean complete) {

    public Observation {
        reports = List.copyOf(reports);
        unexpectedRuns = List.copyOf(unexpectedRuns);
    }

    /** How many of our runs the cluster can hold beside other people's; ours that are there already fill some of that. */
    public int freeSlots() {
        return occupancy.freeSlots();
    }

    /** Before the first look. */
    public static Observation none(ClusterTraits cluster) {
        return new Observation(List.of(), List.of(), Occupancy.ofOurs(null, cluster.slots()), true);
    }

    /** What is still known when the look that followed failed: who is there, and nothing that a next look could go on with. */
    public Observation afterAFailure() {
        return new Observation(List.of(), unexpectedRuns, occupancy, true);
    }
}
