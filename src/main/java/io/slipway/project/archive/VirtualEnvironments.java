package io.slipway.project.archive;

import io.slipway.project.archive.LeftOut.Reason;
import io.slipway.project.archive.Litter.Match;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Python environments in an upload, whatever their names are. Some people make one in the project's own folder: then only the
 * environment's own parts are left out, and the program beside them travels.
 */
final class VirtualEnvironments {

    static final VirtualEnvironments NONE = new VirtualEnvironments(Set.of(), Set.of());

    /** What venv, virtualenv and uv write, and what conda and mamba write. */
    private static final List<String> MARKS = List.of("pyvenv.cfg", "conda-meta/history");

    /** All that environments have at their top, on any system. A .py file elsewhere in the folder is somebody's program. */
    private static final Pattern PARTS = Pattern.compile(
            "(bin|Scripts|lib|lib32|lib64|Lib|include|Include|share|etc|conda-meta|condabin|pkgs|envs|DLLs|Library|Tools|libs|man|doc"
                    + "|sbin|libexec|var|ssl|mkspecs|plugins|qml|resources|translations|phrasebooks|compiler_compat|shell"
                    + "|[a-z0-9_]+-conda[a-z0-9_]*-linux-gnu)/.*|cwp\\.py",
            Pattern.DOTALL);

    /** Of them, those that are surely not the program's. */
    private static final Pattern SURE_PARTS = Pattern.compile(
            "(pyvenv\\.cfg|bin|Scripts|include|Include|lib64|conda-meta|condabin|pkgs|DLLs"
                    + "|lib/python[0-9.]*|lib/pypy[0-9.]*|Lib/site-packages|share/(man|jupyter|python-wheels))(/.*)?",
            Pattern.DOTALL);

    private final Set<String> folders;
    private final Set<String> withProgram;

    private VirtualEnvironments(Set<String> folders, Set<String> withProgram) {
        this.folders = folders;
        this.withProgram = withProgram;
    }

    static VirtualEnvironments of(EntryTable table) {
        Set<String> folders = new HashSet<>();
        for (String mark : MARKS) {
            byte[] inFolder = ("/" + mark).getBytes(StandardCharsets.UTF_8);
            byte[] alone = mark.getBytes(StandardCharsets.UTF_8);
            table.live().filter(row -> table.endsWith(row, alone)).forEach(row -> {
                String path = table.path(row);
                if (path.length() == mark.length()) {
                    folders.add("");
                } else if (table.endsWith(row, inFolder)) {
                    folders.add(path.substring(0, path.length() - mark.length() - 1));
                }
            });
        }
        return folders.isEmpty() ? NONE : new VirtualEnvironments(folders, withProgram(table, folders));
    }

    /** Walks up from each source file, because a hostile archive can have as many environments as files. */
    private static Set<String> withProgram(EntryTable table, Set<String> folders) {
        Set<String> found = new HashSet<>();
        byte[] python = ".py".getBytes(StandardCharsets.UTF_8);
        table.live().filter(row -> table.endsWith(row, python)).forEach(row -> {
            String path = table.path(row);
            for (int end = path.lastIndexOf('/'); end >= -1; end = end < 0 ? -2 : path.lastIndexOf('/', end - 1)) {
                String folder = path.substring(0, Math.max(end, 0));
                if (folders.contains(folder)) {
                    if (!PARTS.matcher(path.substring(end + 1)).matches()) {
                        found.add(folder);
                    }
                    return;
                }
            }
        });
        return found;
    }

    /** @param end of the folder in the path that may be an environment */
    @Nullable
    Match find(String path, int end) {
        if (folders.isEmpty()) {
            return null;
        }
        String folder = path.substring(0, end);
        return folders.contains(folder) ? part(folder, path.substring(Math.min(end + 1, path.length()))) : null;
    }

    @Nullable
    Match atRoot(String path) {
        return folders.contains("") ? part("", path) : null;
    }

    private @Nullable Match part(String folder, String inside) {
        if (!withProgram.contains(folder)) {
            return new Match(folder.isEmpty() ? "." : folder, Reason.ENVIRONMENT);
        }
        if (!SURE_PARTS.matcher(inside).matches()) {
            return null;
        }
        int names = inside.startsWith("lib/") || inside.startsWith("Lib/") || inside.startsWith("share/") ? 2 : 1;
        String part = String.join("/", Arrays.asList(inside.split("/")).subList(0, names));
        return new Match(folder.isEmpty() ? part : folder + "/" + part, Reason.ENVIRONMENT);
    }
}
