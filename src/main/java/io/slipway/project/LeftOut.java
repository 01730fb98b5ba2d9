package io.slipway.project;

import java.util.Collection;
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

    private static final String ENVIRONMENT_MARK = "/pyvenv.cfg";

    private final Set<String> environments;

    private LeftOut(Set<String> environments) {
        this.environments = environments;
    }

    static LeftOut of(Collection<EntryPath> all) {
        return new LeftOut(all.stream()
                .filter(path -> path.value().endsWith(ENVIRONMENT_MARK)
                        && ENVIRONMENTS.contains(path.parent().name()))
                .map(path -> path.parent().value())
                .collect(Collectors.toSet()));
    }

    /** As far as it can be told before all names are known. */
    static LeftOut byNameAlone() {
        return new LeftOut(Set.of());
    }

    boolean holds(EntryPath path) {
        return isLitter(path) || isInFolder(path);
    }

    private static boolean isLitter(EntryPath path) {
        String name = path.name();
        return FILES.contains(name) || name.endsWith(".pyc") || name.endsWith(".pyo") || name.startsWith("._");
    }

    private boolean isInFolder(EntryPath path) {
        for (EntryPath folder = path; !folder.isRoot(); folder = folder.parent()) {
            if (FOLDERS.contains(folder.name()) || environments.contains(folder.value())) {
                return true;
            }
        }
        return false;
    }
}
