package io.slipway.project.requirements;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * For locks whose markers stand at who needs a package and not at the package: works out the marker of each package, as text. A package
 * is needed where one of the ways to it is open, and a way where all of its markers hold. No marker is ever evaluated here.
 */
final class LockGraph {

    /** Ways to one package that are told apart; beyond them a lock is not followed. */
    private static final int MOST_WAYS = 200;

    /**
     * What following a lock may cost, in markers compared and characters of markers put together: seconds, and some ten megabytes. A lock of a
     * thousand packages with markers costs about a million.
     */
    private static final long MOST_WORK = 20_000_000;

    /** @param to the package that is needed, as the lock tells it from others */
    record Need(String to, String marker) {}

    private final Map<String, List<Need>> needs;
    private final Map<String, Set<Set<String>>> ways = new LinkedHashMap<>();
    private long work;

    private LockGraph(Map<String, List<Need>> needs) {
        this.needs = needs;
    }

    /**
     * @param needs of each package
     * @return the marker of every package that is reached from the roots
     * @throws IllegalArgumentException when there are too many ways
     */
    static Map<String, String> markers(List<Need> roots, Map<String, List<Need>> needs) {
        LockGraph graph = new LockGraph(needs);
        Deque<String> changed = new ArrayDeque<>();
        Set<Set<String>> everywhere = Set.of(Set.of());
        roots.forEach(root -> graph.reach(root, everywhere, changed));
        for (String from = changed.poll(); from != null; from = changed.poll()) {
            Set<Set<String>> open = Set.copyOf(graph.ways.getOrDefault(from, Set.of()));
            for (Need need : graph.needs.getOrDefault(from, List.of())) {
                graph.reach(need, open, changed);
            }
        }
        Map<String, String> markers = new LinkedHashMap<>();
        graph.ways.forEach((name, open) -> markers.put(name, text(open)));
        return markers;
    }

    private void reach(Need need, Set<Set<String>> before, Deque<String> changed) {
        Set<Set<String>> known = ways.computeIfAbsent(need.to(), name -> new LinkedHashSet<>());
        boolean news = false;
        for (Set<String> way : before) {
            work += 1L
                    + (long) known.size() * (1 + way.size())
                    + way.stream().mapToLong(String::length).sum();
            if (work > MOST_WORK || known.size() > MOST_WAYS) {
                throw new IllegalArgumentException(
                        "has more ways to " + need.to() + " than can be followed; write it as pylock.toml");
            }
            Set<String> longer = new TreeSet<>(way);
            if (!need.marker().isBlank()) {
                longer.add(need.marker().strip());
            }
            // A way that asks for less makes the others needless.
            if (known.stream().noneMatch(longer::containsAll)) {
                known.removeIf(other -> other.containsAll(longer));
                known.add(Set.copyOf(longer));
                news = true;
            }
        }
        if (news) {
            changed.add(need.to());
        }
    }

    private static String text(Set<Set<String>> ways) {
        if (ways.stream().anyMatch(Set::isEmpty)) {
            return "";
        }
        return ways.stream()
                .map(way -> new TreeSet<>(way)
                        .stream().map(marker -> "(" + marker + ")").collect(Collectors.joining(" and ")))
                .sorted()
                .map(way -> ways.size() > 1 ? "(" + way + ")" : way)
                .collect(Collectors.joining(" or "));
    }
}
