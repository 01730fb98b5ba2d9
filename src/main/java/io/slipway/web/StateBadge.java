package io.slipway.web;

import io.slipway.jobs.JobState;
import java.util.Locale;

/**
 * A state as a word and a colour.
 *
 * @param css the name that the stylesheet knows it by
 */
record StateBadge(String word, String css, boolean isAlive) {

    static StateBadge of(JobState state) {
        return new StateBadge(word(state), state.name().toLowerCase(Locale.ROOT), !state.isTerminal());
    }

    private static String word(JobState state) {
        String name = state.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
