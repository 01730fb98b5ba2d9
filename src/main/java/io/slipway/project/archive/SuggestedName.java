package io.slipway.project.archive;

import io.slipway.project.Printable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What to call a job that nobody named. */
final class SuggestedName {

    private static final List<String> EXTENSIONS = List.of(".tar.gz", ".tgz", ".zip", ".py", ".gz");
    private static final String LAST_RESORT = "project";
    private static final int LONGEST = 100;

    private SuggestedName() {}

    static String of(String fileName, String wrapper) {
        String slashed = fileName.replace('\\', '/');
        String name = visible(withoutExtension(slashed.substring(slashed.lastIndexOf('/') + 1)));
        if (!name.isEmpty()) {
            return name;
        }
        String folder = visible(wrapper);
        return folder.isEmpty() ? LAST_RESORT : folder;
    }

    private static String withoutExtension(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return EXTENSIONS.stream()
                .filter(lower::endsWith)
                .findFirst()
                .map(extension -> name.substring(0, name.length() - extension.length()))
                .orElse(name);
    }

    private static String visible(String name) {
        return name.codePoints()
                .filter(Printable::isVisible)
                .limit(LONGEST)
                .mapToObj(Character::toString)
                .collect(Collectors.joining())
                .strip();
    }
}
