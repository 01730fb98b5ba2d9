package io.slipway.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * When it is a cluster's turn for what is done once in a period on each: at a time of the period that is its own. So clusters that this
 * replica began to look at together, as it does with all at its start, do not wait for each other's calls in every period.
 */
final class Timetable {

    private static final int MIXER = 0x9E3779B9;
    private static final int TIMES = 1 << 16;

    private Timetable() {}

    /**
     * Whether its time has come since the last turn; in the first period that may be soon after it.
     *
     * @param period in which each turn comes once
     */
    static boolean isTurn(String cluster, Instant last, Instant now, Duration period) {
        return turns(cluster, now, period) > turns(cluster, last, period);
    }

    private static long turns(String cluster, Instant at, Duration period) {
        // Names that differ by a number have hashes that do not differ much.
        int time = (cluster.hashCode() * MIXER) >>> 16;
        Duration own = period.multipliedBy(time).dividedBy(TIMES);
        return Math.floorDiv(at.plus(own).toEpochMilli(), period.toMillis());
    }
}
