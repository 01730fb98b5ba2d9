package io.slipway.project;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is started, as a caller writes it: the path of a file from the project's root, or {@code -m package.module}.
 *
 * @param text with one blank behind {@code -m}
 */
public record EntryPoint(String text) {

    private static final String MODULE = "-m ";

    public boolean isModule() {
        return text.startsWith(MODULE);
    }

    /** The module's dotted name, of one that is a module. */
    public String module() {
        return text.substring(MODULE.length());
    }

    /** The folder that Python puts first on its path: that of the file, or the root (empty) for a module. */
    public String folder() {
        return isModule() ? "" : text.substring(0, Math.max(0, text.lastIndexOf('/')));
    }

    /** Where the code may lie, the likeliest first. */
    public List<String> files(List<String> pythonPath) {
        if (!isModule()) {
            return List.of(text);
        }
        String path = module().replace('.', '/');
        return Stream.concat(Stream.of(""), pythonPath.stream().map(folder -> folder + "/"))
                .flatMap(folder -> Stream.of(folder + path + ".py", folder + path + "/__main__.py"))
                .toList();
    }
}
