package io.slipway.project;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses which known name somebody meant. */
public final class Closest {

    private static final int SHORTEST_PART = 3;

    /** Nobody mistypes more, and comparing takes the square of it. */
    private static final int LONGEST = 300;

    private Closest() {}

    public static Optional<String> to(String written, Collection<String> known) {
        if (written.length() > LONGEST) {
            return Optional.empty();
        }
        String wanted = written.toLowerCase(Locale.ROOT);
        Optional<String> near = known.stream()
                .map(name -> new Near(name, distance(wanted, name)))
                .filter(guess -> guess.distance >= 0)
                .min(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .map(Near::name);
        return near.or(() -> known.stream()
                .filter(name -> isPartOf(wanted, name.toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt(String::length)));
    }

    private record Near(String name, int distance) {}

    /** As the end of a message; empty when nothing comes near. */
    public static String hint(String written, Collection<String> known) {
        return to(written, known)
                .map(name -> " Did you mean " + Printable.quoted(name) + "?")
                .orElse("");
    }

    /** Below zero when it is no guess: more than a third would have to change. */
    private static int distance(String wanted, String name) {
        return new LevenshteinDistance(Math.max(1, name.length() / 3)).apply(wanted, name.toLowerCase(Locale.ROOT));
    }

    private static boolean isPartOf(String wanted, String name) {
        return wanted.length() >= SHORTEST_PART && name.contains(wanted);
    }
}
