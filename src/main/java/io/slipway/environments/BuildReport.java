package io.slipway.environments;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a build found.
 *
 * @param message for people, of one that failed
 * @param since when its time began, where that is not when it was intended; a build may have to wait for its machine
 */
public record BuildReport(
        Phase phase, @Nullable String message, @Nullable Instant since) {

    /** How far a build is. */
    public enum Phase {
        /** It was certainly not begun: it may be started, under the same intent. */
        ABSENT,
        BUILDING,
        /** It can be taken by {@link EnvironmentBuilder#take}. */
        BUILT,
        /** The same requirements would fail again. */
        FAILED,
        /** The index of packages could not be reached; another build may reach it. */
        MISSED_INDEX,
        /** Another build may go through: the machine or the cluster failed. */
        LOST
    }

    public static final BuildReport ABSENT = new BuildReport(Phase.ABSENT, null, null);
    public static final BuildReport BUILDING = new BuildReport(Phase.BUILDING, null, null);
    public static final BuildReport BUILT = new BuildReport(Phase.BUILT, null, null);

    public static BuildReport buildingSince(Instant since) {
        return new BuildReport(Phase.BUILDING, null, since);
    }

    public static BuildReport failed(String why) {
        return new BuildReport(Phase.FAILED, why, null);
    }

    public static BuildReport missedIndex(String why) {
        return new BuildReport(Phase.MISSED_INDEX, why, null);
    }

    public static BuildReport lost(String why) {
        return new BuildReport(Phase.LOST, why, null);
    }
}
