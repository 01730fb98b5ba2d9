package io.slipway.project.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What compiled code wants of the machine, as its headers tell.
 *
 * @param machines architectures, as {@code uname -m} names those that are known
 * @param glibc the newest version that any of it asks for, as {@code 2.34}; {@code null} when none does
 */
public record NativeCode(Set<String> machines, @Nullable String glibc) {

    /** What EMR's nodes are. */
    static final Set<String> OF_CLUSTERS = Set.of("x86_64", "aarch64");

    static final String MACOS = "macOS";

    private static final int HEADER = 20;
    private static final int BLOCK = 64 * 1024;

    /** A name of a version in the table of names; longer ones are none. */
    private static final int LONGEST = 24;

    private static final Pattern WANTED = Pattern.compile("\\x00GLIBC_(2\\.\\d{1,3})(\\.\\d{1,3})?(?=\\x00)");

    public NativeCode {
        machines = Set.copyOf(new TreeSet<>(machines));
    }

    /** What one file is. */
    record Seen(@Nullable String machine, @Nullable String glibc) {
        boolean isElf() {
            return machine != null && !machine.equals(MACOS);
        }
    }

    /** Reads a file to its end when it is of ELF, in blocks; else its first bytes. */
    static Seen look(InputStream file) throws IOException {
        byte[] header = file.readNBytes(HEADER);
        if (header.length < HEADER) {
            return new Seen(null, null);
        }
        int magic = number(header, 0, 4, false);
        if (magic == 0xCFFAEDFE || magic == 0xCEFAEDFE) {
            return new Seen(MACOS, null);
        }
        if (magic != 0x7F454C46) {
            return new Seen(null, null);
        }
        boolean little = header[5] != 2;
        return new Seen(machine(header[4], little, number(header, 18, 2, little)), newestGlibc(file));
    }

    private static String machine(int wordSize, boolean little, int machine) {
        if (wordSize == 2 && little && machine == 62) {
            return "x86_64";
        }
        if (wordSize == 2 && little && machine == 183) {
            return "aarch64";
        }
        return "another machine (ELF " + machine + (wordSize == 2 ? ", 64" : ", 32") + " bits)";
    }

    private static int number(byte[] bytes, int from, int length, boolean little) {
        int number = 0;
        for (int i = 0; i < length; i++) {
            number = number << 8 | bytes[little ? from + length - 1 - i : from + i] & 0xFF;
        }
        return number;
    }

    /** The names of the versions lie in a table of names that end with zeros; they are found wherever that is. */
    private static @Nullable String newestGlibc(InputStream file) throws IOException {
        String newest = null;
        String kept = "";
        for (byte[] block = file.readNBytes(BLOCK); block.length > 0; block = file.readNBytes(BLOCK)) {
            String text = kept + new String(block, StandardCharsets.ISO_8859_1);
            if (text.contains("GLIBC_2")) {
                Matcher wanted = WANTED.matcher(text);
                while (wanted.find()) {
                    if (isNewer(wanted.group(1), newest)) {
                        newest = wanted.group(1);
                    }
                }
            }
            kept = text.substring(Math.max(0, text.length() - LONGEST));
        }
        return newest;
    }

    /** @return whether the first of two like {@code 2.26} is the newer; nothing is older than anything */
    static boolean isNewer(@Nullable String version, @Nullable String than) {
        return version != null && (than == null || minor(version) > minor(than));
    }

    private static int minor(String version) {
        return Integer.parseInt(version.substring(version.indexOf('.') + 1));
    }
}
