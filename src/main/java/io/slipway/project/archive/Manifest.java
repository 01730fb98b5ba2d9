package io.slipway.project.archive;

import io.slipway.project.ArtifactId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What a project is, apart from how it was packed. Its canonical form is UTF-8 text: the line {@code slipway-project/1}, then one
 * line for each file {@code <mode> <size> <sha256> <path>}, sorted by the bytes of the path, where mode is {@code x} (owner may execute) or
 * {@code -}, size is decimal and sha256 lower-case hex. An empty folder is the line {@code d 0 - <path>}; other folders do not appear.
 * Every line ends with one {@code \n}; no path holds one.
 */
final class Manifest {

    static final String FIRST_LINE = "slipway-project/1\n";

    private Manifest() {}

    /** SHA-256 of the canonical form in lower-case hex. */
    static ArtifactId id(ProjectTree tree) {
        MessageDigest sha256 = ContentHash.sha256();
        sha256.update(FIRST_LINE.getBytes(StandardCharsets.UTF_8));
        tree.items().forEach(row -> sha256.update(line(tree, row).getBytes(StandardCharsets.UTF_8)));
        return new ArtifactId(HexFormat.of().formatHex(sha256.digest()));
    }

    private static String line(ProjectTree tree, int row) {
        String path = tree.path(row);
        if (tree.table().isFolder(row)) {
            return "d 0 - " + path + "\n";
        }
        Content content = tree.table().content(row);
        return (tree.table().isExecutable(row) ? "x " : "- ") + content.size() + " " + content.sha256() + " " + path
                + "\n";
    }
}
