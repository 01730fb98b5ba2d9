package io.slipway.reconcile;

import java.time.Duration;

/** How long to leave between two looks for what has not come: the longer it has not, the longer. */
final class Pace {

    private static final Duration SHORTEST = Duration.ofSeconds(10);

    private Pace() {}

    /** @param since how long it has been looked for */
    static Duration after(Duration since, Duration longest) {
        Duration pause = since.dividedBy(4);
        if (pause.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
