package io.slipway.project.analysis;

import io.slipway.project.Finding;
import io.slipway.project.RandomBytes;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.archive.ZipDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.utils.BoundedInputStream;

/**
 * What can be imported from the wheels on a project's own Python path, by their tables of contents: nothing inside a wheel is unpacked.
 *
 * @param modules names at the top level
 * @param findings of wheels that could not be looked into
 */
record WheelModules(Set<String> modules, List<Finding> findings) {

    /** A module's name at the beginning of a path in a wheel. */
    private static final Pattern MODULE = Pattern.compile("^[A-Za-z_][A-Za-z0-9_]{0,99}(?=[./])");

    /** All wheels together; a usual one has a megabyte. */
    private static final long MAX_BYTES = 64L << 20;

    private static final int MAX_CHARACTERS = 1 << 20;

    static WheelModules of(ProjectArchive project, List<String> pythonPath, Path folder) throws IOException {
        WheelModules wheels = new WheelModules(new TreeSet<>(), new ArrayList<>());
        long left = MAX_BYTES;
        try (ProjectArchive.Reader reader = project.new Reader()) {
            for (String path : pythonPath) {
                if (project.files().hasFile(path)) {
                    left -= wheels.add(path, reader, folder.resolve("wheel"), left);
                }
            }
        }
        return wheels;
    }

    private long add(String path, ProjectArchive.Reader reader, Path copy, long most) throws IOException {
        try {
            long size = copy(path, reader, copy, most + 1);
            if (size > most) {
                findings.add(Finding.warning(
                        "analysis-limited",
                        path,
                        "Wheels up to %,d bytes together were looked into.".formatted(MAX_BYTES),
                        "Look into this one yourself."));
                return 0;
            }
            addModules(copy, path);
            return size;
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static long copy(String path, ProjectArchive.Reader reader, Path copy, long most) throws IOException {
        try (InputStream in = reader.open(path)) {
            return in == null ? 0 : Files.copy(new BoundedInputStream(in, most), copy);
        }
    }

    private void addModules(Path wheel, String path) throws IOException {
        int[] left = {MAX_CHARACTERS - modules.stream().mapToInt(String::length).sum()};
        try (RandomBytes file = RandomBytes.open(wheel)) {
            ZipDirectory.of(file).forEach(entry -> {
                Matcher module = MODULE.matcher(new String(entry.name(), StandardCharsets.ISO_8859_1));
                if (module.find() && module.group().length() < left[0] && modules.add(module.group())) {
                    left[0] -= module.group().length() + 1;
                }
            });
        } catch (IOException | RuntimeException broken) {
            findings.add(Finding.warning(
                    "wheel-unreadable",
                    path,
                    "It has no readable table of contents, so Python cannot import from it.",
                    "Build the wheel again, or take it out of pythonPath."));
        }
    }
}
