package io.slipway.project.archive;

import static io.slipway.project.archive.TarFixture.tar;
import static io.slipway.project.archive.ZipFixture.packed;
import static io.slipway.project.archive.ZipFixture.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.slipway.project.ArtifactId;
import io.slipway.project.ProjectFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.junit.jupiter.api.Test;

class ProjectArchiveTest extends ArchiveTesting {

    private static final Charset CP437 = Charset.forName("IBM437");

    @Test
    void takesAZipAsItIs() {
        Path upload =
                zip().file("main.py", "print(1)").file("data/data.ini", "[a]").in(uploads);
        assertThat(filesOf(upload)).containsExactly(entry("data/data.ini", "[a]"), entry("main.py", "print(1)"));
    }

    @Test
    void takesATarGz() {
        Path upload = tar().folder("./")
                .file("./main.py", "print(1)")
                .file("./data/a b.ini", "[a]")
                .in(uploads);
        assertThat(filesOf(upload)).containsExactly(entry("data/a b.ini", "[a]"), entry("main.py", "print(1)"));
    }

    @Test
    void takesASinglePythonFileUnderItsName() throws IOException {
        Path upload = Files.writeString(uploads.resolve("x"), "print(1)\n");
        try (ProjectArchive archive = open(upload, "C:\\Users\\me\\job.py")) {
            assertThat(filesOf(archive)).containsExactly(entry("job.py", "print(1)\n"));
            assertThat(archive.suggestedName()).isEqualTo("job");
        }
    }

    @Test
    void believesTheContentMoreThanTheName() throws IOException {
        Path upload = tar().file("main.py", "1").in(uploads);
        try (ProjectArchive archive = open(upload, "project.zip")) {
            assertThat(archive.files()).hasSize(1);
        }
    }

    @Test
    void stripsTheFolderThatGitHubWrapsAroundADownload() throws IOException {
        Path upload = zip().folder("etl-main/")
                .file("etl-main/main.py", "1")
                .file("etl-main/pkg/__init__.py", "")
                .in(uploads);
        try (ProjectArchive archive = open(upload, ".zip")) {
            assertThat(filesOf(archive)).containsOnlyKeys("main.py", "pkg/__init__.py");
            assertThat(archive.wrapper()).isEqualTo("etl-main");
            assertThat(archive.suggestedName()).isEqualTo("etl-main");
        }
    }

    @Test
    void stripsOnlyOneFolder() {
        Path upload = zip().file("etl/src/main.py", "1").in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("src/main.py");
    }

    @Test
    void readsWhatWindowsPacks() {
        Path upload = zip().with(packed("proj\\main.py", CP437, "1").host(0).mode(0))
                .with(packed("proj\\größe\\data.ini", CP437, "2").host(0).mode(0))
                .in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("main.py", "größe/data.ini");
    }

    @Test
    void readsWhatMacOsPacks() {
        String decomposed = Normalizer.normalize("größe.py", Normalizer.Form.NFD);
        Path upload = zip().folder("proj/")
                .file("proj/" + decomposed, "1")
                .file("proj/.DS_Store", "x")
                .file("__MACOSX/proj/._" + decomposed, "x")
                .file("__MACOSX/._proj", "x")
                .in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("größe.py");
    }

    @Test
    void leavesOutWhatToolsLeaveBeside() {
        Path upload = zip().file("main.py", "1")
                .file(".git/HEAD", "x")
                .file("pkg/__pycache__/a.cpython-311.pyc", "x")
                .file("pkg/a.py", "1")
                .file("pkg/a.pyc", "x")
                .file(".venv/bin/python", "x")
                .file("venv/pyvenv.cfg", "x")
                .file("venv/lib/site.py", "x")
                .file(".idea/workspace.xml", "x")
                .file(".pytest_cache/x", "x")
                .file("web/node_modules/a.js", "x")
                .file(".env", "kept")
                .in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("main.py", "pkg/a.py", ".env");
    }

    @Test
    void keepsAFolderNamedVenvThatIsNone() {
        Path upload = zip().file("main.py", "1").file("venv/model.py", "1").in(uploads);
        assertThat(filesOf(upload)).containsOnlyKeys("main.py", "venv/model.py");
    }

    @Test
    void linksIntoAnEnvironmentThatIsLeftOutAreLeftOutToo() {
        Path upload = tar().file("main.py", "1")
                .symlink(".venv/bin/python", "/usr/bin/python3")
                .symlink("python", ".venv/bin/python")
                .in(uploads);
        // The link leads through the left-out one to the machine it was packed on.
        assertThat(filesOf(upload)).containsOnlyKeys("main.py");
    }

    @Test
    void readsNamesByFlagThenExtraFieldThenUtf8ThenCp437() {
        byte[] cp437 = "gr\u00fcn.py".getBytes(CP437);
        byte[] extra = extraField(new UnicodePathExtraField("grün-é.py", cp437));
        byte[] stale = extraField(new UnicodePathExtraField("other.py", "not it".getBytes(StandardCharsets.UTF_8)));
        Path upload = zip().file("flagged-ü.py", "1")
                .with(packed(cp437, new byte[0]).flags(0).extra(extra))
                .with(packed("plain-ü.py", StandardCharsets.UTF_8, "1"))
                .with(packed("dos-ü.py", CP437, "1"))
                .with(packed("stale-ü.py", CP437, "1").extra(stale))
                .in(uploads);
        assertThat(filesOf(upload))
                .containsOnlyKeys("flagged-ü.py", "grün-é.py", "plain-ü.py", "dos-ü.py", "stale-ü.py");
    }

    @Test
    void readsTarNamesOfEveryDialect() {
        String longName = "data/" + "ä".repeat(80) + "/" + "b".repeat(120) + ".ini";
        assertThat(filesOf(tar().file("é.py", "1").file(longName, "2").in(uploads)))
                .containsOnlyKeys("é.py", longName);
        assertThat(filesOf(tar().pax().file("é.py", "1").file(longName, "2").in(uploads)))
                .containsOnlyKeys("é.py", longName);
    }

    @Test
    void keepsTheExecuteBit() throws IOException {
        Path upload = tar().file("run.sh", "1", 0755).file("main.py", "1", 0600).in(uploads);
        try (ProjectArchive archive = open(upload);
                org.apache.commons.compress.archivers.zip.ZipFile zip = commonsZip(archive)) {
            assertThat(archive.files()).extracting(ProjectFile::executable).containsExactly(false, true);
            assertThat(zip.getEntry("run.sh").getUnixMode()).isEqualTo(0100755);
            assertThat(zip.getEntry("main.py").getUnixMode()).isEqualTo(0100644);
        }
    }

    @Test
    void writesASortedZipWithFoldersAndOneTime() throws IOException {
        Path upload =
                zip().file("z.py", "1").file("b/c/d.py", "2").file("a.py", "3").in(uploads);
        try (ProjectArchive archive = open(upload);
                ZipFile zip = new ZipFile(archive.bytes().file().toFile())) {
            List<? extends ZipEntry> entries = Collections.list(zip.entries());
            assertThat(entries).extracting(ZipEntry::getName).containsExactly("a.py", "b/", "b/c/", "b/c/d.py", "z.py");
            assertThat(entries).extracting(ZipEntry::getTimeLocal).containsOnly(LocalDateTime.of(1980, 2, 1, 0, 0));
            assertThat(archive.size()).isEqualTo(Files.size(archive.bytes().file()));
        }
    }

    @Test
    void copiesTheCompressedBytesOfAZip() throws IOException {
        byte[] ours = ZipFixture.deflate("aaaaaaaaaaaaaaaabbbbbbbbbbbb".getBytes(StandardCharsets.UTF_8), 9);
        Path upload = zip().with(packed("a.py", "aaaaaaaaaaaaaaaabbbbbbbbbbbb").compressed(ours))
                .with(packed("b.py", "stored").stored())
                .in(uploads);
        try (ProjectArchive archive = open(upload);
                org.apache.commons.compress.archivers.zip.ZipFile zip = commonsZip(archive)) {
            assertThat(zip.getRawInputStream(zip.getEntry("a.py")).readAllBytes())
                    .isEqualTo(ours);
            assertThat(zip.getEntry("b.py").getMethod()).isEqualTo(ZipEntry.STORED);
        }
    }

    @Test
    void keepsEmptyFoldersButNotThoseThatHeldOnlyLitter() throws IOException {
        Path upload = zip().file("main.py", "1")
                .folder("output/logs/")
                .folder("cache/")
                .file("cache/.DS_Store", "x")
                .in(uploads);
        try (ProjectArchive archive = open(upload);
                ZipFile zip = new ZipFile(archive.bytes().file().toFile())) {
            assertThat(Collections.list(zip.entries()))
                    .extracting(ZipEntry::getName)
                    .containsExactly("main.py", "output/", "output/logs/");
        }
    }

    @Test
    void namesTheProjectByItsFilesAndNotByHowTheyWerePacked() throws IOException {
        ArtifactId id = idOf(zip().file("main.py", "print(1)")
                .file("pkg/a.py", "aaaaaaaaaaaa")
                .in(uploads));
        assertThat(idOf(tar().file("pkg/a.py", "aaaaaaaaaaaa")
                        .file("main.py", "print(1)")
                        .in(uploads)))
                .isEqualTo(id);
        assertThat(idOf(zip().folder("w/")
                        .folder("w/pkg/")
                        .with(packed("w/pkg/a.py", "aaaaaaaaaaaa").stored().time(7))
                        .with(packed("w/main.py", "print(1)").level(1).time(9))
                        .file("w/__pycache__/x.pyc", "x")
                        .in(uploads)))
                .isEqualTo(id);
        assertThat(idOf(tar().pax()
                        .folder("w/")
                        .file("w/main.py", "print(1)")
                        .file("w/pkg/a.py", "aaaaaaaaaaaa")
                        .in(uploads)))
                .isEqualTo(id);
        assertThat(idOf(zip().file("main.py", "print(2)")
                        .file("pkg/a.py", "aaaaaaaaaaaa")
                        .in(uploads)))
                .isNotEqualTo(id);
        assertThat(idOf(zip().with(packed("main.py", "print(1)").mode(0100755))
                        .file("pkg/a.py", "aaaaaaaaaaaa")
                        .in(uploads)))
                .isNotEqualTo(id);
    }

    @Test
    void theIdIsTheHashOfTheDocumentedManifest() throws Exception {
        Path upload = zip().with(packed("run.sh", "b").mode(0100755))
                .file("data/ä.ini", "a")
                .folder("out/")
                .in(uploads);
        String manifest = """
            slipway-project/1
            - 1 ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb data/ä.ini
            d 0 - out
            x 1 3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d run.sh
            """;
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(manifest.getBytes(StandardCharsets.UTF_8));
        assertThat(idOf(upload)).isEqualTo(new ArtifactId(HexFormat.of().formatHex(hash)));
    }

    @Test
    void normalisingTwiceChangesNothing() throws IOException {
        Path upload = tar().file("outer/inner/main.py", "print(1)")
                .file("outer/inner/run.sh", "x", 0755)
                .folder("outer/inner/empty/")
                .symlink("outer/inner/copy.py", "main.py")
                .in(uploads);
        try (ProjectArchive once = open(upload);
                ProjectArchive twice = open(once.bytes().file(), "project.zip")) {
            assertThat(twice.id()).isEqualTo(once.id());
            assertThat(twice.bytes().file()).hasSameBinaryContentAs(once.bytes().file());
            assertThat(twice.files()).isEqualTo(once.files());
            assertThat(twice.wrapper()).isEmpty();
        }
    }

    @Test
    void theBytesDoNotDependOnTheTimeZone() throws IOException {
        Path upload = zip().file("main.py", "print(1)").in(uploads);
        TimeZone before = TimeZone.getDefault();
        try (ProjectArchive here = open(upload)) {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
            try (ProjectArchive there = open(upload)) {
                assertThat(there.bytes().file())
                        .hasSameBinaryContentAs(here.bytes().file());
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void readsOtherMethodsByPackingThemAnew() throws IOException {
        Path upload = bzip2Zip();
        try (ProjectArchive archive = open(upload)) {
            assertThat(filesOf(archive)).containsExactly(entry("main.py", "print(1)"));
        }
    }

    @Test
    void staysWhenItWasTaken() throws IOException {
        Path taken;
        try (ProjectArchive archive = open(zip().file("main.py", "1").in(uploads))) {
            taken = archive.take().file();
        }
        assertThat(taken).exists();
        Files.delete(taken);
    }

    @Test
    void readsOnlyTheBeginningOfAFileThatIsAskedFor() throws IOException {
        try (ProjectArchive archive = open(zip().file("slipway.yml", "name: x").in(uploads))) {
            assertThat(archive.read("slipway.yml", 4)).hasValue("name".getBytes(StandardCharsets.UTF_8));
            assertThat(archive.read("other.yml", 4)).isEmpty();
        }
    }

    @Test
    void pythonReadsTheNormalisedZip() throws Exception {
        Path upload = tar().file("pkg/__init__.py", "x = 'from the zip'")
                .file("main.py", "1")
                .in(uploads);
        try (ProjectArchive archive = open(upload)) {
            Process python = new ProcessBuilder(
                            "python3",
                            "-c",
                            "import sys; sys.path.insert(0, sys.argv[1]); import pkg; print(pkg.x)",
                            archive.bytes().file().toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualToIgnoringNewLines("from the zip");
        }
    }

    private static org.apache.commons.compress.archivers.zip.ZipFile commonsZip(ProjectArchive archive)
            throws IOException {
        return org.apache.commons.compress.archivers.zip.ZipFile.builder()
                .setPath(archive.bytes().file())
                .get();
    }

    private static byte[] extraField(UnicodePathExtraField field) {
        ZipArchiveEntry entry = new ZipArchiveEntry("x");
        entry.addExtraField(field);
        return entry.getLocalFileDataExtra();
    }

    private Path bzip2Zip() throws IOException {
        Path file = uploads.resolve("bzip2.zip");
        Process python = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_BZIP2).writestr('main.py',"
                                + " 'print(1)')",
                        file.toString())
                .inheritIO()
                .start();
        try {
            assertThat(python.waitFor()).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return file;
    }
}
