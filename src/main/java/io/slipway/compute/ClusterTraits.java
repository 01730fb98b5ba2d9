package io.slipway.compute;

import java.time.Duration;
import java.util.Set;

/**
 * What is true of a configured cluster from start to stop of the service. Whoever wants to know how a cluster behaves asks here, never of
 * which kind it is.
 *
 * @param name the key under {@code slipway.clusters}
 * @param kind for people who look at a list of clusters; nothing is decided by it
 * @param slots how many of our runs may be there at once, waiting ones included; the rest waits in our own queue, where it can still
 *     be put in order
 * @param settle how long after an intent a look that finds no run proves that there is none; zero where a start under the same key
 *     can be repeated without harm
 * @param pace how long to leave between two looks at its runs
 * @param habits what its runs do there
 * @param requirements whether environments are built of what projects say that they need
 */
public record ClusterTraits(
        String name,
        ClusterKind kind,
        int slots,
        Duration settle,
        Duration pace,
        Set<Habit> habits,
        Requirements requirements) {

    /** What becomes of a project's requirements. */
    public enum Requirements {
        /** A lock or a requirements.txt at the project's root is installed without being named. */
        AUTO,
        /** Only what a job names is installed. */
        ON_REQUEST,
        /** Nothing is installed. */
        DENIED
    }

    /** What the runs of a cluster do. */
    public enum Habit {
        /** Runs are processes of the machine that the service is on. */
        RUNS_HERE,
        /** What a run has started may go on when the run itself has ended, where the cluster does not see it. */
        LEAVES_SOMETHING,
        /** Each run starts a YARN application, whose logs lie apart from what the run itself prints. */
        STARTS_APPLICATIONS,
        /** What a run printed may come to where it can be read minutes after its end. */
        SHIPS_LOGS_LATER
    }

    public ClusterTraits {
        habits = Set.copyOf(habits);
    }

    /** Where requirements are installed as they are by default. */
    public ClusterTraits(String name, ClusterKind kind, int slots, Duration settle, Duration pace, Set<Habit> habits) {
        this(name, kind, slots, settle, pace, habits, Requirements.AUTO);
    }

    public boolean runsHere() {
        return habits.contains(Habit.RUNS_HERE);
    }

    public boolean leavesSomething() {
        return habits.contains(Habit.LEAVES_SOMETHING);
    }

    public boolean startsApplications() {
        return habits.contains(Habit.STARTS_APPLICATIONS);
    }

    public boolean shipsLogsLater() {
        return habits.contains(Habit.SHIPS_LOGS_LATER);
    }
}
