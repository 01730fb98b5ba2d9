package io.slipway.project.analysis;

import io.slipway.project.EntryPoint;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Printable;
import io.slipway.project.archive.EntryPath;
import io.slipway.project.archive.ProjectFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Holds the folders from which a spec wants to import against the project's files. */
public final class ModulePaths {

    private static final Set<String> PACKED = Set.of(".whl", ".zip", ".egg");
    private static final Pattern NAME = Pattern.compile("[^\\W\\d]\\w*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WRITTEN = Pattern.compile("-m\\s+\\S.*");

    private ModulePaths() {}

    /** @throws InvalidProject {@link Problem#INVALID_SPEC}, with a detail for each path that is not there */
    public static void check(List<String> paths, ProjectFiles files) {
        List<Detail> errors = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            String path = paths.get(i);
            if (!files.hasFolder(path) && !isPacked(path, files)) {
                errors.add(new Detail(
                        "pythonPath[" + i + "]",
                        "%s is neither a folder nor a wheel of the project".formatted(Printable.quoted(path))));
            }
        }
        if (!errors.isEmpty()) {
            Detail first = errors.get(0);
            throw new InvalidProject(Problem.INVALID_SPEC, first.at() + ": " + first.message() + ".", errors);
        }
    }

    /** The text of a module entry point in its one spelling; empty when the text is none. */
    public static Optional<EntryPoint> module(String wanted) {
        if (!WRITTEN.matcher(wanted).matches()) {
            return Optional.empty();
        }
        return Optional.of(new EntryPoint("-m " + wanted.substring(2).strip()));
    }

    public static boolean isThere(EntryPoint module, List<String> pythonPath, ProjectFiles files) {
        return isName(module.module()) && module.files(pythonPath).stream().anyMatch(files::hasFile);
    }

    /** Part by part: a pattern for the whole would go one call deeper for each. */
    private static boolean isName(String module) {
        return module.length() <= EntryPath.MAX_PATH_BYTES
                && Arrays.stream(module.split("\\.", -1))
                        .allMatch(part -> NAME.matcher(part).matches());
    }

    private static boolean isPacked(String path, ProjectFiles files) {
        return PACKED.stream().anyMatch(path::endsWith) && files.hasFile(path);
    }
}
