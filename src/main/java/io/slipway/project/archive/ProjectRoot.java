package io.slipway.project.archive;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which folder of an upload is the project. Folders that only wrap it come off, however many there are; a package never does, since its
 * name is what its own sources import.
 */
final class ProjectRoot {

    private static final int MOST_WRAPPERS = 20;
    private static final int MOST_SOURCES = 2_000;

    /** What lies beside the folder of a project without being a part of it. */
    private static final Pattern BESIDE = Pattern.compile(
            "(?:readme|license|licence|notice|changelog|changes|authors|contributing|code_of_conduct|security)(?:\\..*)?"
                    + "|\\.gitignore|\\.gitattributes|\\.editorconfig|.*\\.(?:md|rst|pdf)");

    /** Folders of a project by convention: one in another folder is no second wrapper. */
    private static final Set<String> INSIDE = Set.of("src", "lib", "python", "jobs");

    private static final Set<String> STARTED = Set.of("main.py", "project.py", "__main__.py");
    private static final Pattern PYTHON_NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern RELATIVE = Pattern.compile("^[ \\t]*from[ \\t]+(\\.+)", Pattern.MULTILINE);

    private final EntryTable table;
    private final int[] items;
    private final IntFunction<String> sources;

    /**
     * @param items sorted
     * @param sources gives the text of a file, or as much of it as is known
     */
    ProjectRoot(EntryTable table, int[] items, IntFunction<String> sources) {
        this.table = table;
        this.items = items;
        this.sources = sources;
    }

    /** What is in front of all paths of the project: empty, or a path with a slash at its end. */
    String prefix() {
        List<String> prefixes = prefixes();
        return prefixes.get(prefixes.size() - 1);
    }

    /**
     * The same for a folder that somebody named, from the upload's root or from below what wraps it.
     *
     * @throws InvalidProject {@link Problem#INVALID_SPEC} when there is none
     */
    String prefix(String folder) {
        List<String> prefixes = prefixes();
        for (int i = prefixes.size() - 1; i >= 0; i--) {
            String prefix = prefixes.get(i) + folder;
            if (table.anyBelow(items, prefix)) {
                return prefix + "/";
            }
        }
        String message = "%s is no folder of the project%s"
                .formatted(Printable.quoted(folder), folders(prefixes.get(prefixes.size() - 1)));
        throw new InvalidProject(
                Problem.INVALID_SPEC, "projectFolder: " + message + ".", List.of(new Detail("projectFolder", message)));
    }

    private String folders(String prefix) {
        List<String> folders = IntStream.of(items)
                .mapToObj(table::path)
                .filter(path -> path.startsWith(prefix) && path.indexOf('/', prefix.length()) > 0)
                .map(path -> path.substring(prefix.length(), path.indexOf('/', prefix.length())))
                .distinct()
                .limit(10)
                .map(Printable::of)
                .toList();
        return folders.isEmpty() ? "" : "; at its root there are: " + String.join(", ", folders);
    }

    /** The root's own, and one more for each folder that came off. */
    private List<String> prefixes() {
        List<String> prefixes = new ArrayList<>(List.of(""));
        String prefix = "";
        while (prefixes.size() <= MOST_WRAPPERS) {
            String name = wrapper(prefix);
            if (name == null) {
                break;
            }
            prefix += name + "/";
            prefixes.add(prefix);
        }
        return prefixes;
    }

    private @Nullable String wrapper(String prefix) {
        String only = null;
        boolean alone = true;
        for (int row : items) {
            String path = table.path(row);
            if (!path.startsWith(prefix)) {
                continue;
            }
            int slash = path.indexOf('/', prefix.length());
            String name = slash < 0 ? path.substring(prefix.length()) : path.substring(prefix.length(), slash);
            if (slash < 0 && !BESIDE.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
                return null;
            }
            if (slash >= 0 && only != null && !only.equals(name)) {
                return null;
            }
            alone &= slash >= 0;
            only = slash >= 0 ? name : only;
        }
        return only == null
                        || (!alone || !prefix.isEmpty()) && INSIDE.contains(only)
                        || isPackage(prefix, only)
                        || !alone && !isStarted(prefix, only)
                ? null
                : only;
    }

    /** Beside a README a folder wraps the project only when nothing speaks against it. */
    private boolean isStarted(String prefix, String name) {
        return STARTED.stream().anyMatch(file -> has(prefix + name + "/" + file))
                && rows(prefix + name + "/").noneMatch(row -> sources.apply(row).contains(name + "/"));
    }

    private boolean isPackage(String prefix, String name) {
        if (!PYTHON_NAME.matcher(name).matches()) {
            return false;
        }
        String folder = prefix + name + "/";
        return has(folder + "__init__.py")
                || rows(folder).anyMatch(row -> climbsTo(folder, row))
                || !holdsItself(folder, name) && rows(folder).anyMatch(row -> imports(name, sources.apply(row)));
    }

    private boolean has(String path) {
        int index = table.firstFrom(items, path);
        return index < items.length && table.path(items[index]).equals(path);
    }

    /** Sources below a folder, as many as are looked into. */
    private IntStream rows(String folder) {
        int first = table.firstFrom(items, folder);
        return IntStream.range(first, items.length)
                .map(index -> items[index])
                .takeWhile(row -> table.startsWith(row, folder))
                .filter(row -> table.isFile(row) && table.path(row).endsWith(".py"))
                .limit(MOST_SOURCES);
    }

    /** A relative import that names the folder itself, or something beside the file in it. */
    private boolean climbsTo(String folder, int row) {
        long depth = table.path(row)
                .substring(folder.length())
                .chars()
                .filter(c -> c == '/')
                .count();
        Matcher imports = RELATIVE.matcher(sources.apply(row));
        while (imports.find()) {
            if (imports.group(1).length() > depth) {
                return true;
            }
        }
        return false;
    }

    /** Whether a module of the folder's own name lies in it: that is what its sources import. */
    private boolean holdsItself(String folder, String name) {
        return IntStream.of(items)
                .mapToObj(table::path)
                .filter(path -> path.startsWith(folder))
                .map(path -> "/" + path.substring(folder.length()))
                .anyMatch(path -> path.contains("/" + name + "/") || path.endsWith("/" + name + ".py"));
    }

    private static boolean imports(String name, String source) {
        return Pattern.compile(
                        "^[ \\t]*(?:from|import)[ \\t]+" + Pattern.quote(name) + "(?![\\p{L}\\p{N}_])",
                        Pattern.MULTILINE)
                .matcher(source)
                .find();
    }
}
