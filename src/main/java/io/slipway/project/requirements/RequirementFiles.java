package io.slipway.project.requirements;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import io.slipway.project.archive.EntryPath;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds and reads the file that says what a project needs. */
public final class RequirementFiles {

    /** The field of the spec, by which errors are found. */
    public static final String FIELD = "python.requirements";

    /** At the root of a project, the first that is there: a lock says more than what it was made from. */
    private static final List<String> USUAL =
            List.of("pylock.toml", "uv.lock", "poetry.lock", "Pipfile.lock", "requirements.txt");

    private static final Pattern CONDA = Pattern.compile("(.*/)?(environment|conda)[^/]*\\.ya?ml");

    private RequirementFiles() {}

    /** The path of the file that is meant when nobody names one. */
    public static Optional<String> usual(ProjectArchive project) {
        return USUAL.stream().filter(project.files()::hasFile).findFirst();
    }

    /**
     * @param path of a file of the project
     * @throws InvalidProject with a detail for each line that cannot be installed here, and what to write instead
     * @throws IOException when this machine's disk is at fault
     */
    public static Requirements read(ProjectArchive project, String path, RequirementRules rules) throws IOException {
        String file = EntryPath.of(path).value();
        if (CONDA.matcher(file).matches()) {
            throw refused(
                    file,
                    "is an environment of conda, which pip cannot install. Write the packages into a requirements.txt, or pack the"
                            + " environment with conda-pack and send it as pythonEnvironment");
        }
        RequirementErrors errors = new RequirementErrors();
        Requirements read = read(new RequirementSources(project), file, rules, errors);
        errors.refuse();
        return read;
    }

    private static Requirements read(
            RequirementSources sources, String file, RequirementRules rules, RequirementErrors errors)
            throws IOException {
        String name = file.substring(file.lastIndexOf('/') + 1);
        String text = sources.text(file);
        if (name.startsWith("pylock.") && name.endsWith(".toml")) {
            return Pylock.read(file, text, sources, rules, errors);
        }
        return switch (name) {
            case "uv.lock" -> UvLock.read(file, text, errors);
            case "poetry.lock" -> PoetryLock.read(file, text, sources, errors);
            case "Pipfile.lock" -> PipfileLock.read(file, text, errors);
            case "pyproject.toml", "Pipfile", "setup.py", "setup.cfg" ->
                throw refused(
                        file,
                        "names what a project is made of, not what to install. Name a lock file (pylock.toml, uv.lock, poetry.lock,"
                                + " Pipfile.lock) or a requirements.txt: uv export, poetry export and pip freeze write one");
            default -> new RequirementsText(sources, rules, errors).read(file);
        };
    }

    static InvalidProject refused(String file, String what) {
        return new InvalidProject(
                Problem.INVALID_SPEC,
                "%s %s.".formatted(Printable.quoted(file), what),
                List.of(new Detail(FIELD, Printable.quoted(file) + " " + what)));
    }
}
