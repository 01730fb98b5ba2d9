package io.slipway.compute;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Files that a run wrote and that were kept at its end. Who wrote the list may be a stranger: what is no plain path is not taken from it.
 *
 * @param leftOut what was wanted and is not there
 * @param note what happened to all of it; {@code null} when nothing went wrong
 */
public record RunResults(
        List<File> files, List<LeftOut> leftOut, @Nullable String note) {

    private static final Pattern PLAIN =
            Pattern.compile("(?!/)(?!(.*/)?\\.{0,2}/)(?!(.*/)?\\.{1,2}\\z)[^\\\\\\p{Cntrl}]{1,1024}(?<!/)");

    private static final int LONGEST_WORDS = 500;

    public RunResults {
        files = files.stream()
                .filter(file -> isPlain(file.path()) && file.size() >= 0)
                .collect(Collectors.toMap(File::path, file -> file, (one, again) -> one, LinkedHashMap::new))
                .values()
                .stream()
                .toList();
        leftOut = List.copyOf(leftOut);
        note = note == null ? null : cut(note);
    }

    /** @param path in the working folder, with forward slashes */
    public record File(String path, long size) {}

    /** @param why in a sentence */
    public record LeftOut(String path, String why) {

        public LeftOut {
            path = cut(path);
            why = cut(why);
        }
    }

    /** Whether it leads to a file below the folder of the results, and nowhere else. */
    public static boolean isPlain(String path) {
        return PLAIN.matcher(path).matches();
    }

    public boolean has(String path) {
        return files.stream().anyMatch(file -> file.path().equals(path));
    }

    private static String cut(String words) {
        String plain = words.replaceAll("\\p{Cntrl}", "\uFFFD");
        return plain.length() <= LONGEST_WORDS ? plain : plain.substring(0, LONGEST_WORDS);
    }
}
