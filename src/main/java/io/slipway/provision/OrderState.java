package io.slipway.provision;

import java.util.EnumSet;
import java.util.Set;

/** Where the story of an order stands. {@link #next()} is the whole relation of which state may follow which. */
public enum OrderState {
    /** Jobs wait, or a person asked for it. Nothing was sent. */
    WANTED,
    /** The intent is written; whether a cluster is being made is not known. */
    REQUESTED,
    /** The cluster is being made. */
    STARTING,
    /** The cluster takes runs. */
    READY,
    /** The cluster gets no more runs, and ends after those that it has. */
    DRAINING,
    /** The cluster was asked to end. */
    ENDING,
    /** The cluster has ended, or is not wanted any more and never was made. */
    ENDED,
    /** The cluster was not made, or ended before it was ready; the reason says why. */
    FAILED;

    /** The states that may follow this one. */
    public Set<OrderState> next() {
        return switch (this) {
            case WANTED -> EnumSet.of(REQUESTED, ENDED);
            case REQUESTED -> EnumSet.of(WANTED, STARTING, FAILED);
            case STARTING -> EnumSet.of(READY, ENDING, FAILED);
            case READY -> EnumSet.of(DRAINING, ENDING, ENDED);
            case DRAINING -> EnumSet.of(ENDING, ENDED);
            case ENDING -> EnumSet.of(ENDED, FAILED);
            case ENDED, FAILED -> EnumSet.noneOf(OrderState.class);
        };
    }

    public boolean isOver() {
        return next().isEmpty();
    }

    /** Whether it is on its way to take runs. */
    public boolean isComing() {
        return this == WANTED || this == REQUESTED || this == STARTING;
    }

    /** All but the ends. */
    public static Set<OrderState> notOver() {
        return EnumSet.complementOf(EnumSet.of(ENDED, FAILED));
    }
}
