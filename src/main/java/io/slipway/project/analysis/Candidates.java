package io.slipway.project.analysis;

import io.slipway.project.Closest;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import io.slipway.project.archive.ProjectFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of a project that could be started, and which of them is meant when nobody says so. */
final class Candidates {

    private static final List<String> USUAL_NAMES = List.of("main.py", "project.py", "__main__.py");

    private static final String OF_A_FOLDER = "__main__.py";

    /** Never what somebody wants to run on a cluster: tests, what installs a project, tools beside it. */
    private static final Pattern NEVER_STARTED = Pattern.compile(
            "(?:.*/)?(?:tests?|testing|docs?|\\.[^/]+|build|site-packages)/.*"
                    + "|(?:.*/)?(?:test_[^/]*|[^/]*_test|conftest|setup|__init__|noxfile|fabfile|tasks|versioneer)\\.py");

    private static final Pattern RELATIVE_IMPORT = Pattern.compile("^[ \\t]*from[ \\t]+\\.", Pattern.MULTILINE);
    private static final int SHOWN = 20;
    private static final int COMPARED = 5_000;
    private static final int LOOKED_INTO = 300;

    private final ProjectFiles files;
    private final UnaryOperator<String> text;
    private final ConsoleScripts scripts;
    private final Map<String, PythonOutline> outlines = new HashMap<>();

    /** @param text of a file, by its path */
    Candidates(ProjectFiles files, UnaryOperator<String> text, ConsoleScripts scripts) {
        this.files = files;
        this.text = text;
        this.scripts = scripts;
    }

    /** @throws InvalidProject when there is none, or more than one */
    String usual() {
        List<String> atRoot = files.paths()
                .filter(path -> path.endsWith(".py") && path.indexOf('/') < 0)
                .toList();
        List<String> named = active(atRoot.stream().filter(USUAL_NAMES::contains));
        List<String> candidates = named.isEmpty()
                ? programs(active(atRoot.stream()
                        .filter(path -> !NEVER_STARTED.matcher(path).matches())))
                : named;
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        // What Python itself starts of a folder or a zip, such as a .pyz.
        if (candidates.contains(OF_A_FOLDER)) {
            return OF_A_FOLDER;
        }
        if (candidates.isEmpty()) {
            return ofTheOnlyPackage().orElseThrow(() -> nothingAtRoot(atRoot));
        }
        throw refusal(
                "Several files could be started: %s; name one as entryPoint.".formatted(list(candidates)), candidates);
    }

    private List<String> active(Stream<String> paths) {
        return paths.filter(path -> !isIdle(path)).toList();
    }

    /**
     * Of a file that would do nothing: it defines things, or it is not the only one. A lone file of a few assignments is somebody's
     * first try.
     */
    private boolean isIdle(String path) {
        PythonOutline outline = outline(path);
        return !outline.does()
                && (outline.defines() || !USUAL_NAMES.contains(path) && hasOthers(path) && importsNothing(path));
    }

    private boolean importsNothing(String path) {
        return !text.apply(path).contains("import");
    }

    private boolean hasOthers(String path) {
        return startable().anyMatch(other -> !other.equals(path));
    }

    private PythonOutline outline(String path) {
        return outlines.computeIfAbsent(path, file -> PythonOutline.of(text.apply(file)));
    }

    /** A project that is one package with a program of the usual name in it. */
    private Optional<String> ofTheOnlyPackage() {
        List<String> folders = files.paths()
                .filter(path -> path.endsWith(".py")
                        && path.indexOf('/') > 0
                        && !NEVER_STARTED.matcher(path).matches())
                .map(path -> path.substring(0, path.indexOf('/')))
                .distinct()
                .limit(2)
                .toList();
        if (folders.size() != 1) {
            return Optional.empty();
        }
        String folder = folders.get(0);
        if (files.hasFile(folder + "/__main__.py")) {
            return Optional.of("-m " + folder);
        }
        List<String> named =
                active(USUAL_NAMES.stream().map(name -> folder + "/" + name).filter(files::hasFile));
        return named.size() == 1 && files.hasFile(folder + "/__init__.py")
                ? Optional.of(inPackage(folder, named.get(0)))
                : Optional.empty();
    }

    /** A file that imports from its own package can only be started as a module of it. */
    private String inPackage(String folder, String path) {
        String name = path.substring(folder.length() + 1, path.length() - ".py".length());
        return RELATIVE_IMPORT.matcher(text.apply(path)).find() ? "-m " + folder + "." + name : path;
    }

    private InvalidProject nothingAtRoot(List<String> atRoot) {
        List<String> idle = atRoot.stream()
                .filter(path -> !NEVER_STARTED.matcher(path).matches())
                .toList();
        String why = idle.isEmpty()
                ? "There is no .py file to start at the project's root; name one as entryPoint."
                : "%s at the project's root only %s things and would do nothing; name another entryPoint, or call its main function under if __name__ == '__main__'."
                        .formatted(list(idle), idle.size() == 1 ? "defines" : "define");
        return refusal(why + found());
    }

    InvalidProject refusal(String message) {
        return refusal(message, offered());
    }

    private InvalidProject refusal(String message, List<String> found) {
        List<Detail> details = found.stream()
                .limit(SHOWN)
                .map(path -> new Detail(Printable.of(path), "could be started"))
                .collect(Collectors.toList());
        details.addAll(scripts.details());
        return new InvalidProject(Problem.NO_ENTRY_POINT, message + scripts.sentence(), details);
    }

    /** Those that do something and are not there for another to import. */
    private List<String> offered() {
        return programs(startable()
                .limit(LOOKED_INTO)
                .filter(path -> outline(path).does())
                .toList());
    }

    /** Without those that others import, unless they ask whether it is they who were started. */
    private List<String> programs(List<String> active) {
        if (active.size() < 2) {
            return active;
        }
        Set<String> imported = startable()
                .limit(LOOKED_INTO)
                .flatMap(path -> ImportedNames.of(text.apply(path)).stream())
                .collect(Collectors.toSet());
        List<String> programs = active.stream()
                .filter(path -> outline(path).isGuarded() || !imported.contains(stem(path)))
                .toList();
        return programs.isEmpty() ? active : programs;
    }

    private static String stem(String path) {
        return path.substring(path.lastIndexOf('/') + 1, path.length() - ".py".length());
    }

    private Stream<String> startable() {
        return files.paths()
                .filter(path ->
                        path.endsWith(".py") && !NEVER_STARTED.matcher(path).matches());
    }

    private String found() {
        List<String> offered = offered();
        if (!offered.isEmpty()) {
            return " Found: " + list(offered) + ".";
        }
        List<String> idle = startable().limit(LOOKED_INTO).toList();
        if (!idle.isEmpty()) {
            return " Those in folders only define things and would do nothing either: " + list(idle) + ".";
        }
        Optional<String> notebook =
                files.paths().filter(path -> path.endsWith(".ipynb")).findFirst();
        return notebook.map(path -> " The project has notebooks and no program. " + convert(path))
                .orElse(python().isEmpty() ? " The project has no .py file at all." : "");
    }

    static String convert(String notebook) {
        return "Notebooks are not run; make a program of it: jupyter nbconvert --to script %s, and take out what only a notebook has."
                .formatted(Printable.of(notebook));
    }

    /** Those that are looked at for a hint; a project can have a hundred thousand. */
    List<String> python() {
        return files.paths()
                .filter(path -> path.endsWith(".py"))
                .limit(COMPARED)
                .toList();
    }

    /** The same file name in another folder is likelier than another name. */
    String hint(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return files.paths()
                .filter(other -> other.endsWith("/" + name) || other.equals(name))
                .findFirst()
                .map(other -> " Did you mean " + Printable.quoted(other) + "?")
                .orElseGet(() -> Closest.hint(path, python()));
    }

    private static String list(List<String> paths) {
        String shown = paths.stream().limit(SHOWN).map(Printable::of).collect(Collectors.joining(", "));
        return paths.size() > SHOWN ? shown + " and %,d more".formatted(paths.size() - SHOWN) : shown;
    }
}
