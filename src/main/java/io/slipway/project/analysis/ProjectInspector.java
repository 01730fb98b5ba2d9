package io.slipway.project.analysis;

import io.slipway.project.Closest;
import io.slipway.project.EntryPoint;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.JobSpec;
import io.slipway.project.Printable;
import io.slipway.project.archive.EntryPath;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.archive.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Looks at a project with its spec in hand and finds out what to start. Nothing of the project is ever run for that. */
public final class ProjectInspector {

    private static final String PYTHON = ".py";
    private static final String NOTEBOOK = ".ipynb";
    private static final int LOOKED_AT = 1 << 20;

    /** A file of which nobody knows what is in it is taken for a program. */
    private static final UnaryOperator<String> UNKNOWN = path -> "main()";

    /** @param entryPoint path of an existing {@code .py} file from the project's root, or {@code -m} and an existing module,
     *     or {@code --class}, a class and an existing jar */
    public record Inspection(String entryPoint) {}

    /**
     * @throws InvalidProject {@link Problem#NO_ENTRY_POINT}, with what was found instead
     * @throws IOException when this machine's disk is at fault
     */
    public Inspection inspect(ProjectArchive project, JobSpec spec) throws IOException {
        ProjectFiles files = project.files();
        List<String> pythonPath = spec.program().launch().python().path();
        ModulePaths.check(pythonPath, files);
        String wanted = spec.program().entryPoint();
        Candidates candidates = new Candidates(files, path -> text(project, path), new ConsoleScripts(project));
        Optional<EntryPoint> jar = wanted == null ? Optional.empty() : EntryPoint.ofJar(wanted);
        if (jar.isPresent()) {
            return new Inspection(jar(jar.get(), files, candidates));
        }
        try {
            Optional<EntryPoint> module = wanted == null ? Optional.empty() : ModulePaths.module(wanted);
            return new Inspection(
                    module.isPresent()
                            ? new ModuleEntry(project, pythonPath, candidates).found(module.get())
                            : found(files, project.wrapper(), wanted, candidates));
        } catch (UncheckedIOException failure) {
            throw new IOException(failure.getCause());
        }
    }

    private static String jar(EntryPoint wanted, ProjectFiles files, Candidates candidates) {
        String path = EntryPath.of(wanted.file()).value();
        if (!files.hasFile(path)) {
            throw candidates.refusal(
                    "The jar of the entry point, %s, is not in the project.".formatted(Printable.quoted(path)));
        }
        return "--class " + wanted.mainClass() + " " + path;
    }

    private static String text(ProjectArchive project, String path) {
        try {
            return new String(project.read(path, LOOKED_AT).orElse(new byte[0]), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Inspection inspect(ProjectFiles files, String wrapper, @Nullable String wanted) {
        return new Inspection(found(files, wrapper, wanted, new Candidates(files, UNKNOWN, ConsoleScripts.NONE)));
    }

    private static String found(ProjectFiles files, String wrapper, @Nullable String wanted, Candidates candidates) {
        return wanted == null ? candidates.usual() : given(wanted, files, wrapper, candidates);
    }

    private static String given(String wanted, ProjectFiles files, String wrapper, Candidates candidates) {
        String path = EntryPath.of(wanted).value();
        if (path.endsWith(NOTEBOOK)) {
            throw candidates.refusal("The entry point %s is a notebook. %s"
                    .formatted(Printable.quoted(wanted), Candidates.convert(path)));
        }
        if (!path.endsWith(PYTHON)) {
            throw candidates.refusal("The entry point %s is not a .py file.%s"
                    .formatted(Printable.quoted(wanted), Closest.hint(path + PYTHON, candidates.python())));
        }
        if (files.hasFile(path)) {
            return path;
        }
        return new NamedPaths(wrapper, files)
                .below(path)
                .filter(files::hasFile)
                .orElseThrow(() -> candidates.refusal("The entry point %s is not in the project.%s"
                        .formatted(Printable.quoted(path), candidates.hint(path))));
    }
}
