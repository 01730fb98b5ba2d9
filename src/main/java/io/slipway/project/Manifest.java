package io.slipway.project;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a project is, apart from how it was packed. Its canonical form is UTF-8 text: the line {@code slipway-project/1}, then one
 * line for each file {@code <mode> <size> <sha256> <path>}, sorted by the bytes of the path, where mode is {@code x} (owner may execute) or
 * {@code -}, size is decimal and sha256 lower-case hex. An empty folder is the line {@code d 0 - <path>}; other folders do not appear.
 * Every line ends with one {@code \n}; no path holds one.
 */
record Manifest(List<Item> items) {

    static final Comparator<String> UTF8_ORDER = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    private static final String FIRST_LINE = "slipway-project/1\n";

    Manifest {
        items = items.stream()
                .sorted(Comparator.comparing(Item::path, UTF8_ORDER))
                .toList();
    }

    /** @param content {@code null} for an empty folder */
    record Item(String path, boolean executable, @Nullable Content content) {

        boolean isFolder() {
            return content == null;
        }

        private String line() {
            return content == null
                    ? "d 0 - " + path + "\n"
                    : (executable ? "x " : "- ") + content.size() + " " + content.sha256() + " " + path + "\n";
        }
    }

    /** SHA-256 of the canonical form in lower-case hex. */
    String id() {
        MessageDigest sha256 = Fingerprint.sha256();
        sha256.update(FIRST_LINE.getBytes(StandardCharsets.UTF_8));
        items.forEach(item -> sha256.update(item.line().getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(sha256.digest());
    }

    List<ProjectFile> files() {
        return items.stream().flatMap(item -> file(item).stream()).toList();
    }

    private static Optional<ProjectFile> file(Item item) {
        Content content = item.content();
        return content == null
                ? Optional.empty()
                : Optional.of(new ProjectFile(item.path(), content.size(), content.sha256(), item.executable()));
    }
}
