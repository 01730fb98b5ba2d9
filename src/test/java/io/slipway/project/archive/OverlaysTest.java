package io.slipway.project.archive;

import static io.slipway.project.archive.ZipFixture.packed;
import static io.slipway.project.archive.ZipFixture.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.slipway.project.ArtifactId;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.Overlaid;
import io.slipway.project.ProjectFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverlaysTest extends ArchiveTesting {

    private Path project;

    @BeforeEach
    void packTheProject() {
        project = zip().file("w/main.py", "1")
                .file("w/data/data_source.ini", "laptop")
                .file("w/test/data_source.ini", "test")
                .with(packed("w/run.sh", "old").mode(0100755))
                .folder("w/out/")
                .in(uploads);
    }

    @Test
    void replaceTheFileAtTheirPath() {
        assertThat(filesOf(project, overlay("data/data_source.ini", "prod")))
                .containsEntry("data/data_source.ini", "prod")
                .containsEntry("test/data_source.ini", "test")
                .hasSize(4);
        assertThat(filesOf(project, overlay("main.py", "2"))).containsEntry("main.py", "2");
        assertThat(filesOf(project, overlay("data\\data_source.ini", "prod")))
                .containsEntry("data/data_source.ini", "prod");
    }

    @Test
    void addFilesThatWereNotThere() {
        assertThat(filesOf(project, overlay("settings.ini", "new"), overlay("conf/a/b.ini", "b")))
                .contains(entry("settings.ini", "new"), entry("conf/a/b.ini", "b"));
    }

    @Test
    void withABareNameThatLiesElsewhereAreAmbiguous() {
        InvalidProject refusal = refusalOf(project, overlay("data_source.ini", "prod"));
        assertThat(refusal.problem()).isEqualTo(Problem.AMBIGUOUS_CONFIG);
        assertThat(refusal.details())
                .extracting(InvalidProject.Detail::at)
                .containsExactly("data/data_source.ini", "test/data_source.ini");
        assertThat(refusal).hasMessageContaining("./data_source.ini");
    }

    @Test
    void withADotSlashMeanTheRoot() {
        assertThat(filesOf(project, overlay("./data_source.ini", "root"))).containsEntry("data_source.ini", "root");
    }

    @Test
    void areHeldToTheRulesOfArchiveEntries() {
        assertThat(refusalOf(project, overlay("../x.ini", "")).problem()).isEqualTo(Problem.UNSAFE_PATH);
        assertThat(refusalOf(project, overlay("..\\x.ini", "")).problem()).isEqualTo(Problem.UNSAFE_PATH);
        assertThat(refusalOf(project, overlay("/etc/x.ini", "")).problem()).isEqualTo(Problem.UNSAFE_PATH);
        assertThat(refusalOf(project, overlay("a\0.ini", "")).problem()).isEqualTo(Problem.UNREADABLE_NAME);
        assertThat(refusalOf(project, overlay("Data/data_source.ini", "")).problem())
                .isEqualTo(Problem.DUPLICATE_PATH);
        assertThat(refusalOf(project, overlay("main.py/x", "")).problem()).isEqualTo(Problem.DUPLICATE_PATH);
        assertThat(refusalOf(project, overlay("big", "x".repeat(11 << 20))).problem())
                .isEqualTo(Problem.ARCHIVE_TOO_LARGE);
    }

    @Test
    void cannotReplaceFolders() {
        for (String path : new String[] {"data", "data/", "out", "", "./"}) {
            assertThat(refusalOf(project, overlay(path, "x")))
                    .as(path)
                    .hasMessageContaining("names a folder")
                    .extracting(InvalidProject::problem)
                    .isEqualTo(Problem.DUPLICATE_PATH);
        }
    }

    @Test
    void forTheSamePathAreAnError() {
        assertThat(refusalOf(project, overlay("./a.ini", "1"), overlay("a.ini", "2")))
                .hasMessageContaining("Two config files");
    }

    @Test
    void keepTheExecuteBitOfWhatTheyReplace() throws IOException {
        try (ProjectArchive archive = open(project, "x", overlay("run.sh", "new"), overlay("out/log.ini", ""))) {
            assertThat(archive.files())
                    .filteredOn(ProjectFile::executable)
                    .extracting(ProjectFile::path)
                    .containsExactly("run.sh");
        }
    }

    @Test
    void areTheOnesThatReplacedOrAdded() throws IOException {
        try (ProjectArchive archive = open(
                        project, "x", overlay("data\\data_source.ini", "laptop"), overlay("./settings.ini", "new"));
                ProjectArchive plain = open(project, "x")) {
            assertThat(archive.overlaid())
                    .containsOnly(
                            entry("data/data_source.ini", Overlaid.REPLACED), entry("settings.ini", Overlaid.ADDED));
            assertThat(plain.overlaid()).isEmpty();
        }
    }

    @Test
    void arePartOfTheId() throws IOException {
        ArtifactId plain = idOf(project);
        try (ProjectArchive changed = open(project, "x", overlay("main.py", "2"));
                ProjectArchive same = open(project, "x", overlay("main.py", "1"));
                ProjectArchive stored = open(changed.bytes().file(), "x", overlay("main.py", "1"))) {
            assertThat(changed.id()).isNotEqualTo(plain);
            assertThat(same.id()).isEqualTo(plain);
            assertThat(stored.id()).isEqualTo(plain);
        }
    }
}
