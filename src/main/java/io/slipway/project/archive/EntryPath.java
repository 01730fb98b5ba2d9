package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A path inside a project that was checked: relative, below the root, forward slashes, no {@code .} or {@code ..}. It is kept in
 * Unicode NFC, because macOS writes names in NFD while the code that opens them is written in NFC.
 *
 * @param value empty for the root itself
 */
public record EntryPath(String value) {

    /** Longest name of one file or folder in bytes of UTF-8; Linux takes no more. */
    static final int MAX_NAME_BYTES = 255;

    /** Longest path in bytes of UTF-8; leaves room for the folders of a cluster's node in front of it (PATH_MAX is 4,096). */
    public static final int MAX_PATH_BYTES = 1024;

    static final EntryPath ROOT = new EntryPath("");

    /** A name that is longer than this before its spelling is made one is not looked into: that takes the square of its length. */
    private static final int MAX_RAW_NAME = 4 * MAX_NAME_BYTES;

    private static final int MAX_RAW_PATH = 4 * MAX_PATH_BYTES;

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

    public static EntryPath of(String raw) {
        if (raw.length() > MAX_RAW_PATH) {
            throw tooLong(raw);
        }
        String slashed = raw.replace('\\', '/');
        refuseUnreadable(raw);
        if (slashed.startsWith("/") || DRIVE.matcher(slashed).matches()) {
            throw unsafe(raw, "is an absolute path");
        }
        List<String> names = new ArrayList<>();
        for (String name : slashed.split("/")) {
            if (name.equals("..")) {
                throw unsafe(raw, "climbs out of its folder by '..'");
            }
            if (name.length() > MAX_RAW_NAME) {
                throw tooLong(raw);
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(Normalizer.normalize(name, Normalizer.Form.NFC));
            }
        }
        return checkedLength(raw, names);
    }

    /** Equal for two paths that a file system could take for one: letters' case and Unicode's spellings do not count. */
    String collisionKey() {
        return Normalizer.normalize(value.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }

    boolean isRoot() {
        return value.isEmpty();
    }

    EntryPath parent() {
        int slash = value.lastIndexOf('/');
        return new EntryPath(slash < 0 ? "" : value.substring(0, slash));
    }

    String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    EntryPath resolve(String name) {
        return new EntryPath(isRoot() ? name : value + "/" + name);
    }

    private static EntryPath checkedLength(String raw, List<String> names) {
        String value = String.join("/", names);
        boolean nameTooLong = names.stream().anyMatch(name -> bytes(name) > MAX_NAME_BYTES);
        if (nameTooLong || bytes(value) > MAX_PATH_BYTES) {
            throw tooLong(raw);
        }
        return new EntryPath(value);
    }

    private static InvalidProject tooLong(String raw) {
        return new InvalidProject(
                Problem.UNREADABLE_NAME,
                "The name %s is too long: a file name may have %d bytes and a path %d; shorten it."
                        .formatted(Printable.quoted(raw), MAX_NAME_BYTES, MAX_PATH_BYTES));
    }

    private static void refuseUnreadable(String raw) {
        if (raw.codePoints().anyMatch(EntryPath::isUnreadable)) {
            throw new InvalidProject(
                    Problem.UNREADABLE_NAME,
                    "The name %s holds a control character or one that cannot be decoded; rename the file."
                            .formatted(Printable.quoted(raw)));
        }
    }

    private static boolean isUnreadable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            default -> character == 0xFFFD;
        };
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static InvalidProject unsafe(String raw, String why) {
        return new InvalidProject(
                Problem.UNSAFE_PATH,
                "The name %s %s; every file must lie below the project's folder."
                        .formatted(Printable.quoted(raw), why));
    }
}
