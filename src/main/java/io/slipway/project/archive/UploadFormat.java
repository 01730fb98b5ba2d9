package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** The formats a project may be sent in. */
enum UploadFormat {
    ZIP,
    TAR_GZ,
    PYTHON;

    private static final Map<String, String> OTHERS = Map.of(
            "BZh", "a bzip2 file",
            "\u00fd7zXZ", "an xz file",
            "7z\u00bc\u00af", "a 7z archive",
            "Rar!", "a rar archive",
            "(\u00b5/\u00fd", "a zstd file",
            "%PDF", "a PDF document");

    private static final int TAR_MAGIC_AT = 257;

    static UploadFormat of(Path file, String fileName) throws IOException {
        String start = start(file);
        if (start.startsWith("PK\3\4") || start.startsWith("PK\5\6")) {
            return ZIP;
        }
        if (start.startsWith("\u001f\u008b")) {
            return TAR_GZ;
        }
        if (fileName.toLowerCase(Locale.ROOT).endsWith(".py") && start.indexOf('\0') < 0) {
            return PYTHON;
        }
        throw new InvalidProject(
                Problem.NOT_AN_ARCHIVE,
                "%s is %s; send the project as .zip, as .tar.gz or as one .py file."
                        .formatted(Printable.quoted(fileName), describe(start)));
    }

    private static String describe(String start) {
        if (start.isEmpty()) {
            return "empty";
        }
        if (start.startsWith("ustar", TAR_MAGIC_AT)) {
            return "a tar that is not compressed (gzip it)";
        }
        return OTHERS.entrySet().stream()
                .filter(other -> start.startsWith(other.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("neither a zip nor a tar.gz");
    }

    private static String start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = new byte[512];
            int length = in.readNBytes(bytes, 0, bytes.length);
            return new String(Arrays.copyOf(bytes, length), StandardCharsets.ISO_8859_1);
        }
    }
}
