package io.slipway.compute;

import java.util.stream.Stream;

/** The states of clusters of every kind, as they are shown; what a state means is its {@link Condition}. */
public enum ClusterState {
    /** Not seen yet, or in a state that is new here. */
    UNKNOWN(Condition.UNSEEN),
    /** This machine. */
    READY(Condition.TAKES_RUNS),
    /** This machine without what runs need, or clusters that cannot be made. */
    UNAVAILABLE(Condition.GONE),
    /** There is none now, and one is made when jobs wait. */
    ON_DEMAND(Condition.COMING),
    STARTING(Condition.COMING),
    BOOTSTRAPPING(Condition.COMING),
    RUNNING(Condition.TAKES_RUNS),
    WAITING(Condition.TAKES_RUNS),
    TERMINATING(Condition.GONE),
    TERMINATED(Condition.GONE),
    TERMINATED_WITH_ERRORS(Condition.GONE);

    /** What a state means for runs that want to go there. */
    public enum Condition {
        UNSEEN,
        COMING,
        TAKES_RUNS,
        GONE
    }

    private final Condition condition;

    ClusterState(Condition condition) {
        this.condition = condition;
    }

    public Condition condition() {
        return condition;
    }

    /** The state of that name; {@link #UNKNOWN} for every other word. */
    public static ClusterState of(String word) {
        return Stream.of(values())
                .filter(state -> state.name().equals(word))
                .findFirst()
                .orElse(UNKNOWN);
    }
}
