package io.slipway.project.analysis;

import io.slipway.project.EntryPoint;
import io.slipway.project.Printable;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.archive.ProjectFiles;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a module can be started by {@code -m}, and what is to be done when it cannot. */
final class ModuleEntry {

    private final ProjectArchive project;
    private final ProjectFiles files;
    private final List<String> pythonPath;
    private final Candidates candidates;

    ModuleEntry(ProjectArchive project, List<String> pythonPath, Candidates candidates) {
        this.project = project;
        this.files = project.files();
        this.pythonPath = pythonPath;
        this.candidates = candidates;
    }

    String found(EntryPoint module) throws IOException {
        if (ModulePaths.isThere(module, pythonPath, files) || isInAWheel(module)) {
            return module.text();
        }
        throw candidates.refusal(
                "The project has no module %s, neither as a file nor as a package with a __main__.py.%s"
                        .formatted(Printable.quoted(module.module()), hint(module)));
    }

    private boolean isInAWheel(EntryPoint module) throws IOException {
        List<String> packed = pythonPath.stream().filter(files::hasFile).toList();
        for (String wheel : packed) {
            Set<String> names = WheelFile.names(project, wheel);
            if (module.files(List.of()).stream().anyMatch(names::contains)) {
                return true;
            }
        }
        return false;
    }

    private String hint(EntryPoint module) {
        String name = module.module();
        if (name.endsWith(".py") || name.indexOf('/') >= 0) {
            String dotted = name.replaceFirst("\\.py$", "").replace('/', '.');
            return " Modules are named with dots and without .py: -m %s.".formatted(Printable.of(dotted));
        }
        return offThePath(module)
                .or(() -> ofWrapper(module))
                .or(() -> packageWithoutMain(name))
                .orElseGet(() -> candidates.hint(module.files(List.of()).get(0)));
    }

    /** The module is there, in a folder in which Python does not look. */
    private Optional<String> offThePath(EntryPoint module) {
        return Stream.concat(
                        module.files(List.of()).stream(),
                        Stream.of(module.module().replace('.', '/') + "/__init__.py"))
                .flatMap(path -> files.paths()
                        .filter(file -> file.endsWith("/" + path))
                        .map(file -> file.substring(0, file.length() - path.length() - 1))
                        .sorted(Comparator.comparingInt(String::length))
                        .limit(1))
                .findFirst()
                .map(folder -> " It lies in the folder %s, which is not on Python's path: send pythonPath=%s, too."
                        .formatted(Printable.quoted(folder), Printable.of(folder)));
    }

    /** The folder that wraps a project is no package of it. */
    private Optional<String> ofWrapper(EntryPoint module) {
        String wrapper = project.wrapper().substring(project.wrapper().lastIndexOf('/') + 1);
        if (wrapper.isEmpty() || !module.module().startsWith(wrapper + ".")) {
            return Optional.empty();
        }
        EntryPoint shorter = new EntryPoint("-m " + module.module().substring(wrapper.length() + 1));
        return ModulePaths.isThere(shorter, pythonPath, files)
                ? Optional.of(" The folder %s held the whole archive and was taken off: name it %s."
                        .formatted(Printable.quoted(wrapper), Printable.of(shorter.text())))
                : Optional.empty();
    }

    private Optional<String> packageWithoutMain(String name) {
        String folder = name.replace('.', '/');
        if (!files.hasFolder(folder)) {
            return Optional.empty();
        }
        String modules = files.paths()
                .filter(path -> path.startsWith(folder + "/")
                        && path.endsWith(".py")
                        && path.indexOf('/', folder.length() + 1) < 0
                        && !path.endsWith("/__init__.py"))
                .map(path -> "-m " + path.substring(0, path.length() - 3).replace('/', '.'))
                .limit(5)
                .map(Printable::of)
                .collect(Collectors.joining(", "));
        return Optional.of(" It is a package without a __main__.py."
                + (modules.isEmpty() ? "" : " Modules in it: %s.".formatted(modules)));
    }
}
