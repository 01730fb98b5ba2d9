package io.slipway.project;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is started, as a caller writes it: the path of a Python file from the project's root, {@code -m package.module}, or
 * {@code --class org.example.Main app.jar} for a class of a jar of the project.
 *
 * @param text with one blank between its words
 */
public record EntryPoint(String text) {

    private static final String MODULE = "-m ";
    private static final String CLASS = "--class ";
    private static final Pattern JAR = Pattern.compile(
            "\\s*--class\\s+([A-Za-z_$][A-Za-z0-9_$]*(?:\\.[A-Za-z_$][A-Za-z0-9_$]*)*)\\s+(\\S+\\.jar)\\s*");

    /** The text of a class of a jar in its one spelling; empty when the text is none. */
    public static Optional<EntryPoint> ofJar(String wanted) {
        Matcher words = JAR.matcher(wanted);
        return words.matches()
                ? Optional.of(new EntryPoint(CLASS + words.group(1) + " " + words.group(2)))
                : Optional.empty();
    }

    public boolean isJar() {
        return text.startsWith(CLASS);
    }

    /** The name of the class, of one that is in a jar. */
    public String mainClass() {
        return text.substring(CLASS.length(), text.lastIndexOf(' '));
    }

    /** The path of the file that is started, of one that is no module. */
    public String file() {
        return isJar() ? text.substring(text.lastIndexOf(' ') + 1) : text;
    }

    public boolean isModule() {
        return text.startsWith(MODULE);
    }

    /** The module's dotted name, of one that is a module. */
    public String module() {
        return text.substring(MODULE.length());
    }

    /** The folder that Python puts first on its path: that of the file, or the root (empty) for a module. */
    public String folder() {
        return isModule() || isJar() ? "" : text.substring(0, Math.max(0, text.lastIndexOf('/')));
    }

    /** Where the code may lie, the likeliest first. */
    public List<String> files(List<String> pythonPath) {
        if (!isModule()) {
            return List.of(file());
        }
        String path = module().replace('.', '/');
        return Stream.concat(Stream.of(""), pythonPath.stream().map(folder -> folder + "/"))
                .flatMap(folder -> Stream.of(folder + path + ".py", folder + path + "/__main__.py"))
                .toList();
    }
}
