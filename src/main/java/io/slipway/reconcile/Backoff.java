package io.slipway.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Leaves a cluster that takes nothing alone for a while, twice as long each time, so that its queue does not turn in circles. */
final class Backoff {

    private static final int LONGEST = 32;

    private final Duration shortest;
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

    Backoff(Duration shortest) {
        this.shortest = shortest;
    }

    private record Pause(Instant until, int length) {}

    boolean isOn(String cluster, Instant now) {
        Pause pause = pauses.get(cluster);
        return pause != null && now.isBefore(pause.until());
    }

    void took(String cluster) {
        pauses.remove(cluster);
    }

    void tookNothing(String cluster, Instant now) {
        pauses.compute(cluster, (name, last) -> {
            int length = last == null ? 1 : Math.min(LONGEST, 2 * last.length());
            return new Pause(now.plus(shortest.multipliedBy(length)), length);
        });
    }
}
