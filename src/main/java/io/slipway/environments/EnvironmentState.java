package io.slipway.environments;

import java.util.Set;

/** Where the building of an environment stands, and what may follow. */
public enum EnvironmentState {
    /** Somebody needs it, and nobody builds it yet, or not again yet. */
    WANTED,
    /** The intent to build it is written; its builder may have begun. */
    BUILDING,
    /** It can be used. */
    READY,
    /** It cannot be built. */
    FAILED,
    /** Nobody needed it any more before it was there. */
    CANCELLED;

    Set<EnvironmentState> next() {
        return switch (this) {
            case WANTED -> Set.of(BUILDING, FAILED, CANCELLED);
            case BUILDING -> Set.of(WANTED, READY, FAILED, CANCELLED);
            case READY, FAILED, CANCELLED -> Set.of();
        };
    }

    public boolean isLive() {
        return this == WANTED || this == BUILDING;
    }
}
