package io.slipway.project.requirements;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One package of a lock file.
 *
 * @param marker for which machines, as the lock has it; empty for all
 * @param hashes SHA-256 and others of its files, {@code sha256:…}
 */
record LockedPackage(String name, String version, String marker, Collection<String> hashes) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9.!+_-]{1,100}");
    private static final Pattern HASH = Pattern.compile("(sha256|sha384|sha512):[0-9a-f]{64,128}");
    private static final Pattern MARKER = Pattern.compile("[A-Za-z0-9_.<>=!~'\"(),*+\\s-]{0,4000}");

    /** Adds the line that pip reads, or notes why there is none. */
    void addTo(List<String> lines, String file, RequirementErrors errors) {
        List<String> good = new TreeSet<>(hashes)
                .stream()
                        .map(hash -> hash.toLowerCase(Locale.ROOT))
                        .filter(hash -> HASH.matcher(hash).matches())
                        .toList();
        if (!NAME.matcher(name).matches()
                || !VERSION.matcher(version).matches()
                || !MARKER.matcher(marker).matches()) {
            errors.add(file, 0, "has a package whose name, version or marker cannot be read");
        } else if (good.isEmpty()) {
            errors.add(
                    file,
                    0,
                    RequirementLine.name(name) + " " + version
                            + " has no file with a hash in the lock: it comes from a folder, from version control or from an address."
                            + " Make a wheel of it and name that in a requirements.txt, or leave it out of the lock");
        } else {
            String condition = marker.isBlank() ? "" : " ; " + marker.strip().replaceAll("\\s+", " ");
            lines.add(RequirementLine.name(name) + "==" + version + condition + " --hash="
                    + String.join(" --hash=", good));
        }
    }
}
