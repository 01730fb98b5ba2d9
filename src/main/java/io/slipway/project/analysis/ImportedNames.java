package io.slipway.project.analysis;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that a Python source imports, without the packages that they are in: each may be a module, or something of one. */
final class ImportedNames {

    private static final Pattern IMPORT = Pattern.compile(
            "^[ \\t]*(?:from[ \\t]+([\\w.]+)[ \\t]+import[ \\t]+(\\([^)]*\\)|[^\\n#]*)|import[ \\t]+([^\\n#]+))",
            Pattern.MULTILINE);

    private static final Pattern ALIAS = Pattern.compile("[ \\t]+as[ \\t]+\\w+");
    private static final Pattern SEPARATORS = Pattern.compile("[^\\w]+");

    private ImportedNames() {}

    static Set<String> of(String source) {
        Set<String> names = new HashSet<>();
        Matcher imports = IMPORT.matcher(source);
        while (imports.find()) {
            for (int group = 1; group <= imports.groupCount(); group++) {
                String words = imports.group(group);
                if (words != null) {
                    names.addAll(List.of(SEPARATORS.split(ALIAS.matcher(words).replaceAll(""))));
                }
            }
        }
        return names;
    }
}
