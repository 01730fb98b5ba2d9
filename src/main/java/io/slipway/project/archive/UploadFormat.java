package io.slipway.project.archive;

import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import io.slipway.project.RandomBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;

/** The formats a project may be sent in, told by the first bytes. */
enum UploadFormat {
    ZIP("a zip"),
    TAR("a tar"),
    TAR_GZ("a gzip file"),
    TAR_BZ2("a bzip2 file"),
    TAR_XZ("an xz file"),
    TAR_ZST("a zstd file"),
    PYTHON("Python source");

    /** The end of a sentence for whoever sent something else, without its dot. */
    private static final String WHAT_TO_SEND =
            "send the project as .zip, as a tar (.tar, .tar.gz, .tar.xz, .tar.bz2, .tar.zst) or as one .py file";

    private static final Map<String, String> OTHERS = Map.of(
            "7z\u00bc\u00af", "a 7z archive",
            "Rar!", "a rar archive",
            "\u0004\"M\u0018", "an lz4 file",
            "LZIP", "an lzip file",
            "\u001f\u009d", "a file packed by compress",
            "]\0\0", "an lzma file",
            "MSCF", "a cabinet file",
            "SQLite", "a database",
            "%PDF", "a PDF document");

    private static final int START = 512;
    private static final int LEAST_OF_TEXT = 8;

    private final String title;

    UploadFormat(String title) {
        this.title = title;
    }

    static UploadFormat of(HeldBytes file, String fileName) throws IOException {
        String start = start(file);
        UploadFormat format = of(start);
        if (format == null && (start.startsWith("#!") || start.startsWith("MZ")) && isZipAtItsEnd(file)) {
            format = ZIP;
        }
        if (format == null && isNamed(fileName, ".py") && start.indexOf('\0') < 0 && !isUtf16(start)) {
            format = PYTHON;
        }
        if (format == null) {
            throw new InvalidProject(
                    Problem.NOT_AN_ARCHIVE,
                    "%s is %s.".formatted(Printable.quoted(fileName), describe(start, fileName)));
        }
        return format;
    }

    private static @Nullable UploadFormat of(String start) {
        // Those of a zip, of an empty one, and of one in several parts that became one.
        if (start.startsWith("PK\3\4") || start.startsWith("PK\5\6") || start.startsWith("PK\7\bPK\3\4")) {
            return ZIP;
        }
        if (start.startsWith("\u001f\u008b")) {
            return TAR_GZ;
        }
        if (start.startsWith("BZh") && start.startsWith("1AY&SY", 4)) {
            return TAR_BZ2;
        }
        if (start.startsWith("\u00fd7zXZ\0")) {
            return TAR_XZ;
        }
        if (start.startsWith("(\u00b5/\u00fd") || start.startsWith("*M\u0018", 1) && (start.charAt(0) & 0xF0) == 0x50) {
            return TAR_ZST;
        }
        return isTar(start) ? TAR : null;
    }

    /** The oldest tars have no magic word, but all have a checksum. */
    private static boolean isTar(String start) {
        try {
            return start.length() == START
                    && start.charAt(0) != 0
                    && TarUtils.verifyCheckSum(start.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException noNumber) {
            return false;
        }
    }

    /** Python's zipapp and self-extracting archives put a program in front of a zip. */
    private static boolean isZipAtItsEnd(HeldBytes file) {
        try (RandomBytes bytes = file.random()) {
            return ZipDirectory.of(bytes).size() > 0;
        } catch (IOException | RuntimeException none) {
            return false;
        }
    }

    /** @param start of what was in a compressed file where a tar should be, a character for each byte */
    static InvalidProject noTarIn(Compression compression, String start) {
        UploadFormat inner = of(start.substring(0, Math.min(start.length(), START)));
        return new InvalidProject(
                Problem.NOT_AN_ARCHIVE,
                inner == null || inner == TAR
                        ? "The upload is a %s file with no tar in it; %s.".formatted(compression.title(), WHAT_TO_SEND)
                        : "The upload is a %s file that holds %s: unpack it once and send what comes out."
                                .formatted(compression.title(), inner.title));
    }

    private static String describe(String start, String fileName) {
        if (start.isEmpty()) {
            return "empty; " + WHAT_TO_SEND;
        }
        if (isUtf16(start)) {
            return "UTF-16 or UTF-32 text, as PowerShell's > writes it, which Python does not read; save it as UTF-8"
                    + " (Set-Content -Encoding utf8) and send that";
        }
        if (isNamed(fileName, ".ipynb")) {
            return "a notebook; send it as .py (jupyter nbconvert --to script) or in an archive of the project";
        }
        return OTHERS.entrySet().stream()
                        .filter(other -> start.startsWith(other.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("neither an archive that is read here nor Python source")
                + "; "
                + WHAT_TO_SEND;
    }

    /** By its mark, or as text of plain letters, of which every second byte is zero. */
    private static boolean isUtf16(String start) {
        return start.startsWith("\u00ff\u00fe")
                || start.startsWith("\u00fe\u00ff")
                // UTF-32, which PowerShell writes, too.
                || start.startsWith("\0\0\u00fe\u00ff")
                || start.startsWith("\0\0\0") && start.length() >= LEAST_OF_TEXT && start.charAt(3) != 0
                || isEveryOther(start, 0)
                || isEveryOther(start, 1);
    }

    private static boolean isEveryOther(String start, int first) {
        int length = start.length() & ~1;
        if (length < LEAST_OF_TEXT) {
            return false;
        }
        for (int i = 0; i < length; i += 2) {
            char other = start.charAt(i + 1 - first);
            if (start.charAt(i + first) != 0 || other < '\t' || other > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isNamed(String fileName, String extension) {
        return fileName.toLowerCase(Locale.ROOT).endsWith(extension);
    }

    private static String start(HeldBytes file) throws IOException {
        try (InputStream in = file.open()) {
            byte[] bytes = new byte[START];
            int length = in.readNBytes(bytes, 0, bytes.length);
            return new String(Arrays.copyOf(bytes, length), StandardCharsets.ISO_8859_1);
        }
    }
}
