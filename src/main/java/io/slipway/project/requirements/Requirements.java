package io.slipway.project.requirements;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is to be installed, in one spelling whatever file said it: lines as pip reads them, sorted, without comments and includes.
 *
 * @param lines a wheel of the project is named {@code ./wheels/<its SHA-256>/<its file name>}
 * @param constraints as pip's {@code -c} has them
 * @param wheels SHA-256 of the project's own wheels among the lines, by their paths in the project
 * @param locked whether a lock file named every package: nothing is resolved then
 */
public record Requirements(List<String> lines, List<String> constraints, Map<String, String> wheels, boolean locked) {

    private static final String HASH = " --hash=";

    @SuppressWarnings("NullAway") // A row that was written without a field does not name it.
    public Requirements {
        lines = sorted(lines);
        constraints = sorted(constraints);
        wheels = Collections.unmodifiableMap(new TreeMap<>(Objects.requireNonNullElse(wheels, Map.of())));
    }

    /** Whether the same lines mean the same bytes wherever and whenever they are installed. */
    public boolean isHashed() {
        return lines.stream()
                .filter(line -> !line.startsWith("--"))
                .allMatch(line -> line.contains(HASH) || line.startsWith(WHEELS) || line.contains("#sha256="));
    }

    /** Whether pip is to refuse what has no hash. A wheel of the project would be refused, too, unless its hash is told. */
    public boolean needsHashes() {
        return lines.stream().anyMatch(line -> line.contains(HASH));
    }

    /** Whether a stranger's code has to run for it: source distributions and version control. */
    public boolean needsBuilds() {
        return lines.stream().anyMatch(line -> line.contains(" @ git+") || line.startsWith("--no-binary"));
    }

    /** Whether the lines name all that is installed: a lock does, and pip demands it of hashed ones. */
    public boolean isComplete() {
        return locked || needsHashes();
    }

    /** Names of the packages that the lines ask for, in one spelling; empty when one of the lines does not tell its own. */
    public Optional<List<String>> packages() {
        List<String> asked =
                lines.stream().filter(line -> !line.startsWith("--")).toList();
        List<String> names = asked.stream()
                .flatMap(line -> RequirementLine.packageOf(line).stream())
                .toList();
        return names.size() == asked.size() ? Optional.of(names) : Optional.empty();
    }

    static final String WHEELS = "./wheels/";

    private static List<String> sorted(Collection<String> lines) {
        return List.copyOf(new TreeSet<>(
                Stream.ofNullable(lines).flatMap(Collection::stream).toList()));
    }
}
