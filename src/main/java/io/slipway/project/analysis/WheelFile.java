package io.slipway.project.analysis;

import io.slipway.project.RandomBytes;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.archive.ZipDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.compress.utils.BoundedInputStream;

/** A wheel that lies in a project: its table of contents, and its list of console scripts. Nothing else of it is unpacked. */
final class WheelFile {

    /** A usual one has a megabyte; what is in a larger one is not known here. */
    private static final long MAX_BYTES = 16L << 20;

    private static final int MAX_NAMES = 20_000;
    private static final int MAX_TEXT = 64 << 10;

    private WheelFile() {}

    private interface Look<T> {
        T at(Path copy, Set<String> names) throws IOException;
    }

    static Set<String> names(ProjectArchive project, String path) throws IOException {
        return looked(project, path, (copy, names) -> names, Set.of());
    }

    /** Text of its {@code entry_points.txt}; empty without one. */
    static String entryPoints(ProjectArchive project, String path) throws IOException {
        return looked(
                project,
                path,
                (copy, names) -> {
                    String name = names.stream()
                            .filter(one -> one.matches("[^/]+\\.dist-info/entry_points\\.txt"))
                            .findFirst()
                            .orElse("");
                    return name.isEmpty() || names.size() >= MAX_NAMES ? "" : text(copy, name);
                },
                "");
    }

    private static <T> T looked(ProjectArchive project, String path, Look<T> look, T nothing) throws IOException {
        Path copy = project.workFolder().newFile("wheel-", ".zip");
        try (ProjectArchive.Reader reader = project.new Reader();
                InputStream in = reader.open(path)) {
            Files.delete(copy);
            if (in == null || Files.copy(new BoundedInputStream(in, MAX_BYTES + 1), copy) > MAX_BYTES) {
                return nothing;
            }
            return look.at(copy, listed(copy));
        } catch (RuntimeException | ZipException broken) {
            return nothing;
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static Set<String> listed(Path wheel) throws IOException {
        Set<String> names = new HashSet<>();
        try (RandomBytes file = RandomBytes.open(wheel)) {
            ZipDirectory.of(file).forEach(entry -> {
                if (names.size() < MAX_NAMES) {
                    names.add(new String(entry.name(), StandardCharsets.UTF_8));
                }
            });
        }
        return names;
    }

    private static String text(Path wheel, String name) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                return "";
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return new String(in.readNBytes(MAX_TEXT), StandardCharsets.UTF_8);
            }
        }
    }
}
