package io.slipway.compute;

import java.time.Duration;

/**
 * A configured cluster as the rest of the house sees it.
 *
 * @param name the key under {@code slipway.clusters}
 * @param slots how many of our runs may be there at once, waiting ones included; the rest waits in our own queue, where it can still
 *     be put in order
 * @param settle how long after an intent a look that finds no run proves that there is none; zero where a start under the same key
 *     can be repeated without harm
 * @param pace how long to leave between two looks at its runs
 */
public record Target(String name, Kind kind, int slots, Duration settle, Duration pace) {

    /** How a target is spelled in JSON and in the settings. */
    public enum Kind {
        LOCAL,
        EMR
    }
}
