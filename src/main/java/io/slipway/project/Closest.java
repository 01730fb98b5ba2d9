package io.slipway.project;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses which known name somebody meant. */
final class Closest {

    private static final int SHORTEST_PART = 3;

    private Closest() {}

    static Optional<String> to(String written, Collection<String> known) {
        String wanted = written.toLowerCase(Locale.ROOT);
        Optional<String> near = known.stream()
                .filter(name -> distance(wanted, name) <= Math.max(1, name.length() / 3))
                .min(Comparator.comparingInt((String name) -> distance(wanted, name))
                        .thenComparing(Comparator.naturalOrder()));
        return near.or(() -> known.stream()
                .filter(name -> isPartOf(wanted, name.toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt(String::length)));
    }

    /** As the end of a message; empty when nothing comes near. */
    static String hint(String written, Collection<String> known) {
        return to(written, known)
                .map(name -> " Did you mean " + Printable.quoted(name) + "?")
                .orElse("");
    }

    private static int distance(String wanted, String name) {
        return LevenshteinDistance.getDefaultInstance().apply(wanted, name.toLowerCase(Locale.ROOT));
    }

    private static boolean isPartOf(String wanted, String name) {
        return wanted.length() >= SHORTEST_PART && name.contains(wanted);
    }
}
