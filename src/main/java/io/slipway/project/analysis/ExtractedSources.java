package io.slipway.project.analysis;

import io.slipway.project.Finding;
import io.slipway.project.ProjectFile;
import io.slipway.project.analysis.AnalysisRequest.SourceFile;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files of a project that tell something about it, in a folder under numbers: whatever characters a path has, and whatever names this
 * machine's own file system takes.
 *
 * @param limits what was not looked at
 */
record ExtractedSources(List<SourceFile> files, List<String> data, List<Finding> limits) {

    private static final Set<String> CONFIGS =
            Set.of(".ini", ".cfg", ".conf", ".properties", ".toml", ".yml", ".yaml", ".json", ".env");

    /** Which say what Python a project wants. */
    private static final Set<String> NAMED = Set.of("Pipfile", ".python-version", "runtime.txt");

    private static final Set<String> PACKED = Set.of(".so", ".pyd", ".whl", ".egg", ".zip");

    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final long MAX_BYTES = 32L << 20;
    private static final int MAX_FILES = 5_000;
    private static final int MAX_DATA = 20_000;

    static ExtractedSources of(ProjectArchive project, String entry, Path folder) throws IOException {
        List<ProjectFile> looked = looked(project.files(), entry);
        List<SourceFile> files = new ArrayList<>();
        long left = MAX_BYTES;
        boolean leftOut = looked.size() > MAX_FILES;
        try (ProjectArchive.Reader reader = project.new Reader()) {
            for (ProjectFile file : looked.subList(0, Math.min(looked.size(), MAX_FILES))) {
                // A module that is not looked into is still one that can be imported: its name has to be there.
                boolean read = !isPacked(file.path()) && file.size() <= MAX_FILE_BYTES && file.size() <= left;
                leftOut |= isSource(file.path()) && !read;
                left -= read ? file.size() : 0;
                String name = Integer.toString(files.size());
                files.add(new SourceFile(file.path(), read ? name : null));
                if (read) {
                    write(reader, file.path(), folder.resolve(name));
                }
            }
        }
        return new ExtractedSources(files, data(project), leftOut ? List.of(limited()) : List.of());
    }

    private static List<String> data(ProjectArchive project) {
        return project.files()
                .paths()
                .filter(path -> !isSource(path) && !isOther(path))
                .limit(MAX_DATA)
                .toList();
    }

    private static Finding limited() {
        return Finding.warning(
                "analysis-limited",
                null,
                "Only the first %,d files, and sources up to 1 MB each and 32 MB together, were looked at."
                        .formatted(MAX_FILES),
                "Look at the others yourself.");
    }

    /**
     * Those that tell something, the entry point first: data, however much there is of it, takes no source's share. Never more than one
     * above {@link #MAX_FILES}.
     */
    private static List<ProjectFile> looked(List<ProjectFile> files, String entry) {
        return Stream.<Predicate<ProjectFile>>of(
                        file -> file.path().equals(entry),
                        file -> isSource(file.path()) && !file.path().equals(entry),
                        file -> isOther(file.path()) && !file.path().equals(entry))
                .flatMap(kind -> files.stream().filter(kind))
                .limit(MAX_FILES + 1)
                .toList();
    }

    private static boolean isOther(String path) {
        return isPacked(path)
                || CONFIGS.stream().anyMatch(path::endsWith)
                || NAMED.contains(path.substring(path.lastIndexOf('/') + 1));
    }

    private static boolean isSource(String path) {
        return path.endsWith(".py");
    }

    private static boolean isPacked(String path) {
        return PACKED.stream().anyMatch(path::endsWith);
    }

    private static void write(ProjectArchive.Reader reader, String path, Path file) throws IOException {
        try (InputStream content = reader.open(path)) {
            Files.copy(content == null ? InputStream.nullInputStream() : content, file);
        }
    }
}
