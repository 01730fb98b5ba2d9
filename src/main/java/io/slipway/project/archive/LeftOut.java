package io.slipway.project.archive;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one list of what never travels: what tools leave beside the code and can make again, and what belongs to one machine. Names
 * are checked for safety before anything is left out.
 */
final class LeftOut {

    /** Folders, and with them all that is inside, at any depth. */
    private static final Set<String> FOLDERS = Set.of(
            ".git",
            ".hg",
            ".svn",
            "__pycache__",
            ".venv",
            ".idea",
            ".vscode",
            ".pytest_cache",
            ".mypy_cache",
            ".ruff_cache",
            ".tox",
            ".nox",
            ".ipynb_checkpoints",
            "node_modules",
            "__MACOSX");

    private static final Set<String> FILES = Set.of(".DS_Store", "Thumbs.db", "desktop.ini");

    /** Names that virtual environments like to have; a folder of this name is left out only when it is one. */
    private static final Set<String> ENVIRONMENTS = Set.of("venv", "env", "virtualenv");

    private static final byte[] ENVIRONMENT_MARK = "/pyvenv.cfg".getBytes(StandardCharsets.US_ASCII);

    private final Set<String> environments;

    private LeftOut(Set<String> environments) {
        this.environments = environments;
    }

    static LeftOut of(EntryTable table) {
        return new LeftOut(table.live()
                .filter(row -> table.endsWith(row, ENVIRONMENT_MARK))
                .mapToObj(row -> new EntryPath(table.path(row)).parent())
                .filter(folder -> ENVIRONMENTS.contains(folder.name()))
                .map(EntryPath::value)
                .collect(Collectors.toSet()));
    }

    /** As far as it can be told before all names are known. */
    static LeftOut byNameAlone() {
        return new LeftOut(Set.of());
    }

    boolean holds(EntryPath path) {
        return isLitter(path) || isInFolder(path.value());
    }

    private static boolean isLitter(EntryPath path) {
        String name = path.name();
        return FILES.contains(name) || name.endsWith(".pyc") || name.endsWith(".pyo") || name.startsWith("._");
    }

    /** Goes along the path once: it can have hundreds of folders. */
    private boolean isInFolder(String path) {
        int start = 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String name = path.substring(start, end);
            if (FOLDERS.contains(name)
                    || ENVIRONMENTS.contains(name) && environments.contains(path.substring(0, end))) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }
}
