package io.slipway.project.archive;

import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A manifest that somebody sent: read line by line, and refused where it is not the canonical one (see {@link Manifest}). */
final class WrittenManifest {

    private static final Pattern LINE = Pattern.compile(
            "(?<mode>[x-]) (?<size>0|[1-9][0-9]{0,17}) (?<sha256>[0-9a-f]{64}) (?<path>.+)|d 0 - (?<folder>.+)");

    private static final int LONGEST_LINE = 128 + EntryPath.MAX_PATH_BYTES;

    /** @param sha256 empty for a folder */
    record Line(EntryPath path, boolean executable, long size, String sha256) {
        boolean isFolder() {
            return sha256.isEmpty();
        }
    }

    interface Lines {
        void line(Line line) throws IOException;
    }

    private WrittenManifest() {}

    /** Returns the SHA-256 of the whole, which is the id that is wanted. */
    static String read(HeldBytes file, Lines lines) throws IOException {
        MessageDigest sha256 = ContentHash.sha256();
        try (InputStream in = new BufferedInputStream(new DigestInputStream(file.open(), sha256), 1 << 16)) {
            if (!Manifest.FIRST_LINE.equals(text(next(in)) + "\n")) {
                throw wrong("its first line is not " + Manifest.FIRST_LINE.strip());
            }
            byte[] before = {};
            for (byte[] line = next(in); line.length > 0; line = next(in)) {
                Line read = line(text(line));
                byte[] path = read.path().value().getBytes(StandardCharsets.UTF_8);
                if (Arrays.compareUnsigned(before, path) >= 0) {
                    throw wrong("its lines are not sorted by the bytes of their paths, or one is there twice");
                }
                before = path;
                lines.line(read);
            }
            return HexFormat.of().formatHex(sha256.digest());
        }
    }

    /** A line without its end; empty at the end of the file. */
    private static byte[] next(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(160);
        for (int read = in.read(); read != '\n'; read = in.read()) {
            if (read < 0 && line.size() == 0) {
                return new byte[0];
            }
            if (read < 0) {
                throw wrong("its last line has no end");
            }
            line.write(read);
            if (line.size() > LONGEST_LINE) {
                throw wrong("a line is longer than any file's can be");
            }
        }
        if (line.size() == 0) {
            throw wrong("a line is empty");
        }
        return line.toByteArray();
    }

    private static String text(byte[] line) {
        return EntryNames.utf8(line).orElseThrow(() -> wrong("it is not UTF-8"));
    }

    private static Line line(String text) {
        Matcher found = LINE.matcher(text);
        if (!found.matches()) {
            throw wrong("a line is not '<mode> <size> <sha256> <path>': " + Printable.quoted(text));
        }
        String folder = found.group("folder");
        if (folder != null) {
            return new Line(path(folder), false, 0, "");
        }
        return new Line(
                path(found.group("path")),
                found.group("mode").equals("x"),
                Long.parseLong(found.group("size")),
                found.group("sha256"));
    }

    /** A path that our own spelling would change is another one. */
    private static EntryPath path(String written) {
        EntryPath path = EntryPath.of(written);
        if (!path.value().equals(written)) {
            throw wrong("a path is not written as it will lie there: " + Printable.quoted(written));
        }
        return path;
    }

    static InvalidProject wrong(String why) {
        return new InvalidProject(
                Problem.WRONG_MANIFEST, "The manifest cannot be used: " + why + ". Send the whole project.");
    }
}
