package io.slipway.project.spec;

import io.slipway.project.Finding;
import io.slipway.project.ProjectFile;
import java.util.List;
import java.util.regex.Pattern;

/** The file in which a project brings its own wishes, by the names that people give it. */
public final class SpecFiles {

    private static final Pattern ALIKE = Pattern.compile("\\.?slipway\\.(ya?ml|json|toml)", Pattern.CASE_INSENSITIVE);

    private SpecFiles() {}

    /** Tells of files that look as if they were meant to be read, and are not. */
    public static List<Finding> notRead(List<ProjectFile> files) {
        List<String> alike = files.stream()
                .map(ProjectFile::path)
                .filter(path -> ALIKE.matcher(path).matches())
                .toList();
        String read =
                SpecReader.FILES.stream().filter(alike::contains).findFirst().orElse("");
        return alike.stream()
                .filter(path -> !path.equals(read))
                .map(path -> Finding.warning(
                        "spec-file-not-read",
                        path,
                        read.isEmpty()
                                ? "This looks like the job's wishes, but only slipway.yml and slipway.yaml are read."
                                : "This looks like the job's wishes, but %s is there, which is read.".formatted(read),
                        read.isEmpty() ? "Name it slipway.yml." : "Keep one of them."))
                .toList();
    }
}
