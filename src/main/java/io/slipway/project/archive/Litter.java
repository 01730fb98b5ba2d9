package io.slipway.project.archive;

import static java.util.Map.entry;

import io.slipway.project.archive.LeftOut.Reason;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one list of what never travels: what tools leave beside the code and can make again, and what belongs to one machine. Names
 * are checked for safety before anything is left out.
 */
final class Litter {

    /** Folders, and with them all that is inside, at any depth. */
    private static final Map<String, Reason> FOLDERS = Map.ofEntries(
            entry(".git", Reason.VERSION_CONTROL),
            entry(".hg", Reason.VERSION_CONTROL),
            entry(".svn", Reason.VERSION_CONTROL),
            entry(".bzr", Reason.VERSION_CONTROL),
            entry(".jj", Reason.VERSION_CONTROL),
            entry("__pycache__", Reason.CACHE),
            entry(".pytest_cache", Reason.CACHE),
            entry(".mypy_cache", Reason.CACHE),
            entry(".ruff_cache", Reason.CACHE),
            entry(".hypothesis", Reason.CACHE),
            entry(".pytype", Reason.CACHE),
            entry(".pyre", Reason.CACHE),
            entry(".tox", Reason.CACHE),
            entry(".nox", Reason.CACHE),
            entry(".ipynb_checkpoints", Reason.CACHE),
            entry("node_modules", Reason.CACHE),
            entry(".venv", Reason.ENVIRONMENT),
            entry(".idea", Reason.EDITOR),
            entry(".vscode", Reason.EDITOR),
            entry(".vs", Reason.EDITOR),
            entry(".fleet", Reason.EDITOR),
            entry("__MACOSX", Reason.SYSTEM),
            entry(".AppleDouble", Reason.SYSTEM),
            entry(".Spotlight-V100", Reason.SYSTEM),
            entry(".Trashes", Reason.SYSTEM),
            entry(".fseventsd", Reason.SYSTEM),
            entry(".TemporaryItems", Reason.SYSTEM),
            entry("$RECYCLE.BIN", Reason.SYSTEM),
            entry("System Volume Information", Reason.SYSTEM));

    /** In lower case: Windows does not care. */
    private static final Set<String> SYSTEM_FILES =
            Set.of(".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".lsoverride", ".localized", ".apdisk");

    /** Locks, copies and swap files of Emacs, Vim, Kate, GNOME, LibreOffice and Office. */
    private static final Pattern EDITOR_FILE = Pattern.compile(
            "\\.#.+|#.+#|.+~|\\..+\\.sw[a-p]|.+\\.kate-swp|\\.goutputstream-.+|\\.~lock\\..+#|~\\$.+", Pattern.DOTALL);

    /** AppleDouble, but not Hadoop's checksums, as {@code ._SUCCESS.crc}; what NFS, FUSE and desktops keep of deleted files. */
    private static final Pattern SYSTEM_FILE =
            Pattern.compile("\\._(?!.*\\.crc$).*|\\.nfs[0-9a-f]{16,}|\\.fuse_hidden.+|\\.Trash-\\d+", Pattern.DOTALL);

    /** The icon of a folder of macOS, whose name no other system takes. */
    private static final String MAC_ICON = "Icon\r";

    private final VirtualEnvironments environments;

    private Litter(VirtualEnvironments environments) {
        this.environments = environments;
    }

    /**
     * What is left out.
     *
     * @param path of the file, or of the highest folder that is left out as a whole
     */
    record Match(String path, Reason reason) {}

    static Litter of(EntryTable table) {
        return new Litter(VirtualEnvironments.of(table));
    }

    /** As far as it can be told before all names are known. */
    static Litter byNameAlone() {
        return new Litter(VirtualEnvironments.NONE);
    }

    /** Whether no path can be made of the raw name, and nobody misses it. */
    static boolean hasNoPath(String raw) {
        return raw.equals(MAC_ICON) || raw.endsWith("/" + MAC_ICON);
    }

    /** Goes along the path once: it can have hundreds of folders. {@code null} when it travels. */
    @Nullable
    Match find(String path) {
        Match environment = environments.atRoot(path);
        for (int start = 0; environment == null && start <= path.length(); ) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            Reason reason = named(path.substring(start, end));
            if (reason != null) {
                return new Match(path.substring(0, end), reason);
            }
            environment = environments.find(path, end);
            start = end + 1;
        }
        return environment;
    }

    private static @Nullable Reason named(String name) {
        Reason reason = FOLDERS.get(name);
        if (reason != null) {
            return reason;
        }
        if (EDITOR_FILE.matcher(name).matches()) {
            return Reason.EDITOR;
        }
        if (SYSTEM_FILE.matcher(name).matches() || SYSTEM_FILES.contains(name.toLowerCase(Locale.ROOT))) {
            return Reason.SYSTEM;
        }
        return name.endsWith(".pyo") ? Reason.COMPILED : null;
    }
}
