package io.slipway.project.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import io.slipway.project.ProjectFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Uploads go into one folder, what is made of them into another that must be empty in the end. */
abstract class ArchiveTesting {

    static final ArchiveLimits SMALL = new ArchiveLimits(10 << 20, 1000, 200, 1 << 20);

    @TempDir
    Path uploads;

    @TempDir
    Path root;

    Path work;

    @BeforeEach
    void makeWorkFolder() throws IOException {
        work = Files.createDirectory(root.resolve("work"));
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).isEmpty();
        }
    }

    ProjectArchive open(Path upload) {
        return open(upload, "upload.bin");
    }

    ProjectArchive open(Path upload, String name, ConfigOverlay... overlays) {
        return open(upload, name, SMALL, overlays);
    }

    ProjectArchive open(Path upload, String name, ArchiveLimits limits, ConfigOverlay... overlays) {
        try {
            return ProjectArchive.read(upload, name, List.of(overlays), limits, work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Content by path. */
    Map<String, String> filesOf(Path upload, ConfigOverlay... overlays) {
        try (ProjectArchive archive = open(upload, "upload.bin", overlays)) {
            return filesOf(archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> filesOf(ProjectArchive archive) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (ProjectFile file : archive.files()) {
            files.put(
                    file.path(), new String(archive.read(file.path(), 1 << 20).orElseThrow(), StandardCharsets.UTF_8));
        }
        return files;
    }

    ArtifactId idOf(Path upload) {
        try (ProjectArchive archive = open(upload)) {
            return archive.id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InvalidProject refusalOf(Path upload, ConfigOverlay... overlays) {
        InvalidProject refusal = catchThrowableOfType(InvalidProject.class, () -> open(upload, "upload.bin", overlays));
        assertThat(refusal).as("a refusal").isNotNull();
        assertThat(refusal.getMessage().codePoints().noneMatch(Character::isISOControl))
                .as("printable: " + refusal.getMessage())
                .isTrue();
        return refusal;
    }

    ConfigOverlay overlay(String path, String content) {
        try {
            return new ConfigOverlay(
                    path, HeldBytes.of(Files.writeString(Files.createTempFile(uploads, "config-", ".ini"), content)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
