package io.slipway.project.analysis;

import io.slipway.project.Closest;
import io.slipway.project.EntryPoint;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.JobSpec;
import io.slipway.project.Printable;
import io.slipway.project.archive.EntryPath;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.archive.ProjectFiles;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at a project with its spec in hand and finds out what to start. Nothing of the project is ever run for that. */
public final class ProjectInspector {

    private static final String PYTHON = ".py";
    private static final List<String> USUAL_NAMES = List.of("main.py", "project.py", "__main__.py");

    /** At the root of many projects, and never what somebody wants to run on a cluster. */
    private static final Set<String> NEVER_STARTED = Set.of("setup.py", "conftest.py", "__init__.py", "noxfile.py");

    private static final int SHOWN = 20;
    private static final int COMPARED = 5_000;

    /** @param entryPoint path of an existing {@code .py} file from the project's root, or {@code -m} and an existing module */
    public record Inspection(String entryPoint) {}

    /** @throws InvalidProject {@link Problem#NO_ENTRY_POINT}, with what was found instead */
    public Inspection inspect(ProjectArchive project, JobSpec spec) {
        ProjectFiles files = project.files();
        List<String> pythonPath = spec.program().launch().python().path();
        ModulePaths.check(pythonPath, files);
        String wanted = spec.program().entryPoint();
        Optional<EntryPoint> module = wanted == null ? Optional.empty() : ModulePaths.module(wanted);
        return module.isPresent()
                ? new Inspection(module(module.get(), pythonPath, files))
                : inspect(files, project.wrapper(), wanted);
    }

    private static String module(EntryPoint module, List<String> pythonPath, ProjectFiles files) {
        if (ModulePaths.isThere(module, pythonPath, files)) {
            return module.text();
        }
        throw noEntryPoint(
                "The project has no module %s, neither as a file nor as a package with a __main__.py.%s"
                        .formatted(
                                Printable.quoted(module.module()),
                                hint(module.files(List.of()).get(0), files)),
                python(files));
    }

    Inspection inspect(ProjectFiles files, String wrapper, @Nullable String wanted) {
        return new Inspection(wanted == null ? usual(files) : given(wanted, files, wrapper));
    }

    private static String given(String wanted, ProjectFiles files, String wrapper) {
        String path = EntryPath.of(wanted).value();
        if (!path.endsWith(PYTHON)) {
            throw noEntryPoint(
                    "The entry point %s is not a .py file.%s"
                            .formatted(Printable.quoted(wanted), Closest.hint(path + PYTHON, python(files))),
                    python(files));
        }
        if (files.hasFile(path)) {
            return path;
        }
        String prefix = wrapper + "/";
        if (!wrapper.isEmpty() && path.startsWith(prefix) && files.hasFile(path.substring(prefix.length()))) {
            throw noEntryPoint(
                    "The folder %s held the whole archive and was taken off: name the entry point %s."
                            .formatted(Printable.quoted(wrapper), Printable.quoted(path.substring(prefix.length()))),
                    python(files));
        }
        throw noEntryPoint(
                "The entry point %s is not in the project.%s".formatted(Printable.quoted(path), hint(path, files)),
                python(files));
    }

    /** Those that are looked at for a hint; a project can have a hundred thousand. */
    private static List<String> python(ProjectFiles files) {
        return files.paths()
                .filter(path -> path.endsWith(PYTHON))
                .limit(COMPARED)
                .toList();
    }

    /** The same file name in another folder is likelier than another name. */
    private static String hint(String path, ProjectFiles files) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return files.paths()
                .filter(other -> other.endsWith("/" + name) || other.equals(name))
                .findFirst()
                .map(other -> " Did you mean " + Printable.quoted(other) + "?")
                .orElseGet(() -> Closest.hint(path, python(files)));
    }

    private static String usual(ProjectFiles files) {
        List<String> atRoot = files.paths()
                .filter(path -> path.endsWith(PYTHON) && path.indexOf('/') < 0)
                .toList();
        List<String> named = atRoot.stream().filter(USUAL_NAMES::contains).toList();
        List<String> candidates = named.isEmpty()
                ? atRoot.stream().filter(path -> !NEVER_STARTED.contains(path)).toList()
                : named;
        if (candidates.size() == 1) {
            return candidates.get(0);
        }
        if (candidates.isEmpty()) {
            throw noEntryPoint(
                    "There is no .py file to start at the project's root; name one as entryPoint.%s"
                            .formatted(found(python(files))),
                    python(files));
        }
        throw noEntryPoint(
                "Several files could be started: %s; name one as entryPoint.".formatted(list(candidates)), candidates);
    }

    private static String found(List<String> python) {
        return python.isEmpty() ? " The project has no .py file at all." : " Found: " + list(python) + ".";
    }

    private static String list(List<String> paths) {
        String shown = paths.stream().limit(SHOWN).map(Printable::of).collect(Collectors.joining(", "));
        return paths.size() > SHOWN ? shown + " and %,d more".formatted(paths.size() - SHOWN) : shown;
    }

    private static InvalidProject noEntryPoint(String message, List<String> found) {
        List<Detail> details = found.stream()
                .limit(SHOWN)
                .map(path -> new Detail(Printable.of(path), "could be started"))
                .toList();
        return new InvalidProject(Problem.NO_ENTRY_POINT, message, details);
    }
}
