package io.slipway.project.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.project.ArtifactId;
import io.slipway.project.HeldBytes;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.WorkFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** A stored project, opened without being unpacked, and what is made of it and of changes. */
class ChangedProjectTest extends ArchiveTesting {

    private static final String FIRST_LINE = "slipway-project/1\n";

    private final Map<String, String> before = new TreeMap<>(Map.of(
            "main.py", "print(1)", "lib/a.py", "a = 1", "lib/b.py", "b = 2", "data/table.csv", "1,2\n".repeat(1000)));

    private Path base;
    private ArtifactId baseId;

    @BeforeEach
    void storeTheBase() throws IOException {
        try (ProjectArchive project = open(zip(before))) {
            baseId = project.id();
            base = Files.move(project.take().file(), uploads.resolve("base.zip"));
        }
    }

    @Test
    void aStoredProjectIsTheSameWithoutBeingUnpacked() throws IOException {
        try (ProjectArchive stored = stored(base, List.of())) {
            assertThat(stored.id()).isEqualTo(baseId);
            assertThat(filesOf(stored)).isEqualTo(before);
        }
    }

    @Test
    void configurationFilesAreLaidOverAStoredProjectAsOverAnUpload() throws IOException {
        ConfigOverlay overlay = overlay("main.py", "print(2)");
        Map<String, String> wanted = new TreeMap<>(before);
        wanted.put("main.py", "print(2)");
        try (ProjectArchive stored = stored(base, List.of(overlay))) {
            assertThat(filesOf(stored)).isEqualTo(wanted);
            assertThat(stored.id()).isEqualTo(idOf(zip(wanted)));
        }
    }

    /** A bit of the table of contents that changed in the store, or a zip of an older version: the bytes are read. */
    @Test
    void whatStandsInAStoredZipIsBelievedOnlyWhenItMakesTheId() throws IOException {
        byte[] bytes = Files.readAllBytes(base);
        int mark = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("Sp!\0");
        assertThat(mark).as("the last file's mark").isPositive();
        try (RandomAccessFile file = new RandomAccessFile(base.toFile(), "rw")) {
            file.seek(mark + 5);
            file.write(bytes[mark + 5] ^ 1);
        }
        try (ProjectArchive stored = stored(base, List.of())) {
            assertThat(stored.id()).isEqualTo(baseId);
        }
    }

    /** Marks count in our own store alone: whoever sends a zip can write into it what they like. */
    @Test
    void marksOfAnUploadAreNotBelieved() throws IOException {
        byte[] bytes = Files.readAllBytes(base);
        int mark = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("Sp!\0");
        assertThat(mark).isPositive();
        bytes[mark + 5] ^= 1;
        assertThat(idOf(Files.write(uploads.resolve("forged.zip"), bytes))).isEqualTo(baseId);
    }

    @Test
    void onlyWhatChangedTravels() throws IOException {
        Map<String, String> wanted = new TreeMap<>(before);
        wanted.put("lib/a.py", "a = 3");
        wanted.remove("lib/b.py");
        wanted.put("moved/table.csv", wanted.remove("data/table.csv"));
        try (ProjectArchive changed = changed(manifest(wanted), zip(Map.of("0", "a = 3")))) {
            assertThat(filesOf(changed)).isEqualTo(wanted);
            assertThat(changed.id()).isEqualTo(idOf(zip(wanted)));
        }
    }

    @Test
    void nothingTravelsWhereFilesOnlyWentAway() throws IOException {
        Map<String, String> wanted = new TreeMap<>(Map.of("main.py", "print(1)"));
        try (ProjectArchive changed = changed(manifest(wanted), null)) {
            assertThat(filesOf(changed)).isEqualTo(wanted);
        }
    }

    @Test
    void theOnlyFolderOfAProjectStays() throws IOException {
        Map<String, String> wanted = new TreeMap<>(Map.of("src/main.py", "print(1)", "src/a.py", "a = 1"));
        String manifest = manifest(wanted);
        try (ProjectArchive changed = changed(manifest, null)) {
            assertThat(filesOf(changed)).isEqualTo(wanted);
        }
    }

    @Test
    void refusesAManifestThatClaimsWhatNobodySent() throws IOException {
        Map<String, String> wanted = new TreeMap<>(before);
        wanted.put("lib/a.py", "a = 4");
        assertThat(refusal(manifest(wanted), zip(Map.of("0", "a = 3"))).getMessage())
                .contains("lib/a.py", "whole");
    }

    @Test
    void refusesAWrongSize() throws IOException {
        String manifest = manifest(before).replace("- 8 ", "- 9 ");
        assertThat(refusal(manifest, null).problem()).isEqualTo(Problem.WRONG_MANIFEST);
    }

    @Test
    void refusesWhatNeverTravels() throws IOException {
        Map<String, String> wanted = new TreeMap<>(before);
        wanted.put("__pycache__/a.pyc", "a = 1");
        assertThat(refusal(manifest(wanted), null).getMessage()).contains("never travels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../main.py",
                "/main.py",
                "a/../main.py",
                "./main.py",
                "a//main.py",
                "C:/main.py",
                "a\\main.py",
                "a\u0000b.py",
                "u\u0308.py",
                "a/"
            })
    void refusesPathsThatAreNotWhereTheySay(String path) throws IOException {
        String line = manifest(Map.of("main.py", "print(1)")).substring(FIRST_LINE.length());
        InvalidProject refused = refusal(FIRST_LINE + line.replace("main.py", path), null);
        assertThat(refused.problem()).isIn(Problem.WRONG_MANIFEST, Problem.UNSAFE_PATH, Problem.UNREADABLE_NAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "slipway-project/2\n",
                "slipway-project/1",
                "slipway-project/1\n\n",
                "slipway-project/1\nx\n",
                "slipway-project/1\n- 01 %s main.py\n",
                "slipway-project/1\n- 8 %s main.py",
                "slipway-project/1\n- 8 %s main.py\n- 8 %s main.py\n",
                "slipway-project/1\n- 8 %s main.py\n- 8 %s a.py\n",
                "slipway-project/1\n- 8 %s main.py\n- 8 %s main.py/b.py\n",
                "slipway-project/1\n- 99999999999999999999 %s main.py\n",
                "slipway-project/1\n"
            })
    void refusesWhatIsNotCanonical(String manifest) throws IOException {
        String sha256 = ContentHashes.of("print(1)");
        assertThat(refusal(manifest.replace("%s", sha256), null).problem())
                .isIn(Problem.WRONG_MANIFEST, Problem.DUPLICATE_PATH, Problem.NO_ENTRY_POINT);
    }

    @Test
    void refusesALineWithoutAnEnd() throws IOException {
        assertThat(refusal(FIRST_LINE + "- 1 " + "a".repeat(10_000_000), null).problem())
                .isEqualTo(Problem.WRONG_MANIFEST);
    }

    @Test
    void aManifestIsCountedLikeAnArchive() throws IOException {
        String line = "- 8 " + ContentHashes.of("print(1)") + " ";
        StringBuilder many = new StringBuilder(FIRST_LINE);
        for (int i = 0; i < SMALL.maxEntries() + 1; i++) {
            many.append(line).append("f%05d.py\n".formatted(i));
        }
        assertThat(refusal(many.toString(), null).problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
        String large = "- 4000 " + ContentHashes.of("1,2\n".repeat(1000)) + " ";
        StringBuilder copies = new StringBuilder(FIRST_LINE);
        for (int i = 0; i < 999; i++) {
            copies.append(large).append("f%05d.py\n".formatted(i));
        }
        ArchiveLimits less = new ArchiveLimits(3 << 20, 1000, 200, 1 << 20);
        assertThat(refusal(copies.toString(), null, less).problem()).isEqualTo(Problem.ARCHIVE_TOO_LARGE);
    }

    /** A line that names a content once more costs its sender next to nothing. */
    @Test
    void copiesOfWhatWasStoredAreHeldAgainstTheRatioLikeAnArchive() throws IOException {
        String zeros = "0".repeat(900_000);
        before.put("zeros", zeros);
        Files.delete(base);
        storeTheBase();
        Map<String, String> wanted = new TreeMap<>(before);
        for (int i = 0; i < 9; i++) {
            wanted.put("zeros-" + i, zeros);
        }
        assertThat(refusal(manifest(wanted), null)).hasMessageContaining("zip bombs");
    }

    @Test
    void sharesTheMemoryOfADecompressorWithTheOthers() throws IOException {
        Map<String, String> wanted = new TreeMap<>(Map.of("main.py", "print(2)"));
        Path changes = uploads.resolve("changes.tar.xz");
        try (OutputStream out = new XZOutputStream(Files.newOutputStream(changes), new LZMA2Options(1))) {
            out.write(TarFixture.tar().file("0", "print(2)").plain());
        }
        InspectionMemory memory = new InspectionMemory(1 << 27, SMALL, java.time.Duration.ZERO);
        try (InspectionMemory.Share other = memory.share()) {
            other.window(Compression.XZ.megabytes());
            assertThatThrownBy(() -> changed(manifest(wanted), changes, SMALL, memory))
                    .isInstanceOf(InspectionsBusy.class);
        }
        try (ProjectArchive changed = changed(manifest(wanted), changes, SMALL, memory)) {
            assertThat(filesOf(changed)).isEqualTo(wanted);
        }
    }

    /** The base's table, that of the changes, and the new one. */
    @Test
    void takesTheMemoryOfThreeTables() throws IOException {
        Map<String, String> wanted = new TreeMap<>(Map.of("main.py", "print(1)"));
        for (int i = 0; i < 9_000; i++) {
            wanted.put("x".repeat(20) + i, "a = 1");
        }
        InspectionMemory memory = new InspectionMemory(1 << 27, ArchiveLimits.DEFAULTS, java.time.Duration.ZERO);
        try (InspectionMemory.Share other = memory.share()) {
            other.outgrow();
            assertThatThrownBy(() -> changed(manifest(wanted), null, ArchiveLimits.DEFAULTS, memory))
                    .isInstanceOf(InspectionsBusy.class);
        }
        changed(manifest(wanted), null, ArchiveLimits.DEFAULTS, memory).close();
    }

    @Test
    void pathsThatDifferInCaseAreTwo() throws IOException {
        Map<String, String> wanted = new TreeMap<>(Map.of("Main.py", "print(1)", "main.py", "a = 1"));
        try (ProjectArchive changed = changed(manifest(wanted), null)) {
            assertThat(filesOf(changed)).isEqualTo(wanted);
        }
    }

    private ProjectArchive stored(Path zip, List<ConfigOverlay> overlays) throws IOException {
        return ProjectArchive.stored(
                HeldBytes.of(zip),
                baseId,
                overlays,
                SMALL,
                WorkFolder.of(work),
                new InspectionMemory(1 << 30, SMALL, java.time.Duration.ZERO));
    }

    private ProjectArchive changed(String manifest, @Nullable Path changes) throws IOException {
        return changed(manifest, changes, SMALL);
    }

    private ProjectArchive changed(String manifest, @Nullable Path changes, ArchiveLimits limits) throws IOException {
        return changed(manifest, changes, limits, new InspectionMemory(1 << 30, SMALL, java.time.Duration.ZERO));
    }

    private ProjectArchive changed(
            String manifest, @Nullable Path changes, ArchiveLimits limits, InspectionMemory memory) throws IOException {
        Path file = Files.writeString(uploads.resolve("manifest"), manifest);
        return ProjectArchive.changed(
                HeldBytes.of(base),
                baseId,
                HeldBytes.of(file),
                changes == null ? null : HeldBytes.of(changes),
                limits,
                WorkFolder.of(work),
                memory);
    }

    private InvalidProject refusal(String manifest, @Nullable Path changes) {
        return refusal(manifest, changes, SMALL);
    }

    private InvalidProject refusal(String manifest, @Nullable Path changes, ArchiveLimits limits) {
        InvalidProject refused = catchThrowableOfType(InvalidProject.class, () -> changed(manifest, changes, limits));
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }

    private String manifest(Map<String, String> files) throws IOException {
        return FIRST_LINE
                + new TreeMap<>(files)
                        .entrySet().stream()
                                .map(file -> "- %d %s %s\n"
                                        .formatted(
                                                file.getValue().length(),
                                                ContentHashes.of(file.getValue()),
                                                file.getKey()))
                                .collect(Collectors.joining());
    }

    private Path zip(Map<String, String> files) throws IOException {
        Path zip = Files.createTempFile(uploads, "sent-", ".zip");
        Map<String, String> sorted = new LinkedHashMap<>(files);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Map.Entry<String, String> file : sorted.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return zip;
    }

    private static final class ContentHashes {
        static String of(String content) {
            ContentHash hash = new ContentHash();
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            hash.update(bytes, bytes.length);
            return hash.digest();
        }
    }
}
