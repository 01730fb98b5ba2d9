package io.slipway.project.requirements;

import io.slipway.project.Closest;
import io.slipway.project.Printable;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.EntryNames;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The files of the project that requirements may be in, each read within a limit. */
final class RequirementSources {

    /** A lock of some hundred packages has a few hundred kilobytes. */
    static final int MAX_BYTES = 4 << 20;

    private final ProjectArchive project;

    RequirementSources(ProjectArchive project) {
        this.project = project;
    }

    String text(String file) throws IOException {
        byte[] bytes = project.read(file, MAX_BYTES + 1)
                .orElseThrow(() -> RequirementFiles.refused(file, "is not in the project." + hint(file)));
        if (bytes.length > MAX_BYTES) {
            throw RequirementFiles.refused(file, "is larger than %,d bytes".formatted(MAX_BYTES));
        }
        String text = EntryNames.utf8(bytes).orElseThrow(() -> RequirementFiles.refused(file, "is not UTF-8 text"));
        if (text.indexOf('\0') >= 0) {
            throw RequirementFiles.refused(file, "holds a NUL character");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    Optional<String> textIfThere(String file) throws IOException {
        return project.files().hasFile(file) ? Optional.of(text(file)) : Optional.empty();
    }

    Optional<ProjectFile> file(String path) {
        return project.files().hasFile(path)
                ? project.files().stream()
                        .filter(file -> file.path().equals(path))
                        .findFirst()
                : Optional.empty();
    }

    private String hint(String file) {
        List<String> alike = project.files()
                .paths()
                .filter(path -> path.endsWith(".txt") || path.endsWith(".lock") || path.endsWith(".toml"))
                .limit(1_000)
                .toList();
        return Closest.to(file, alike)
                .map(path -> " Did you mean " + Printable.quoted(path) + "?")
                .orElse(" Paths count from the project's root");
    }
}
