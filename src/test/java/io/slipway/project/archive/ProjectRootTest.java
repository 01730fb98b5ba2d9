package io.slipway.project.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.project.HeldBytes;
import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.InvalidProject.Problem;
import io.slipway.project.WorkFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which folder of an upload is the project. */
class ProjectRootTest extends ArchiveTesting {

    private static final InspectionMemory MEMORY = new InspectionMemory(1L << 30, SMALL, Duration.ofSeconds(5));

    @ParameterizedTest
    @ValueSource(strings = {"etl", "etl/etl", "etl-main/etl/job", "a/b/c/d"})
    void allFoldersThatOnlyWrapComeOff(String wrappers) throws IOException {
        Path upload = ZipFixture.zip()
                .file(wrappers + "/main.py", "print(open('conf/app.ini').read())\n")
                .file(wrappers + "/conf/app.ini", "[a]\n")
                .in(uploads);

        assertThat(filesOf(upload)).containsOnlyKeys("main.py", "conf/app.ini");
        try (ProjectArchive project = open(upload)) {
            assertThat(project.wrapper()).isEqualTo(wrappers);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "__init__.py | ''",
                "core.py | import helpers, pricing.rates",
                "core.py | from pricing.rates import all_of_them",
                "core.py | from pricing import rates",
                "core.py | '    import pricing.rates as r'",
                "core.py | from . import rates",
                "deep/core.py | from ..rates import all_of_them"
            })
    void aPackageStays(String file, String source) {
        String path = "pricing/" + file;
        Path upload = ZipFixture.zip()
                .file("pricing/main.py", "print()\n")
                .file("pricing/rates.py", "")
                .file(path, source.startsWith("import helpers") ? "import pricing.rates" : source)
                .in(uploads);

        assertThat(filesOf(upload)).containsOnlyKeys("pricing/main.py", "pricing/rates.py", path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "core.py | import pricing_of_others",
                "core.py | # import pricing.rates",
                "core.py | x = 'from pricing import rates'",
                "deep/core.py | from . import rates",
                "pricing/core.py | from pricing import rates",
                "src/pricing/core.py | from pricing import rates",
                "pricing.py | import pricing"
            })
    void aFolderWhoseNameMeansSomethingElseInItsSourcesComesOff(String file, String source) {
        Path upload = ZipFixture.zip()
                .file("pricing/main.py", "print()\n")
                .file("pricing/rates.py", "")
                .file("pricing/" + file, source)
                .in(uploads);

        assertThat(filesOf(upload)).containsOnlyKeys("main.py", "rates.py", file);
    }

    @Test
    void aDownloadComesOffWhoseNameNoImportCanHave() {
        Path upload = ZipFixture.zip()
                .file("etl-main/__init__.py", "")
                .file("etl-main/main.py", "")
                .in(uploads);

        assertThat(filesOf(upload)).containsOnlyKeys("__init__.py", "main.py");
    }

    @Test
    void aPackageInAWrapperStays() {
        Path upload = ZipFixture.zip()
                .file("etl-main/etl/__init__.py", "")
                .file("etl-main/etl/__main__.py", "")
                .in(uploads);

        assertThat(filesOf(upload)).containsOnlyKeys("etl/__init__.py", "etl/__main__.py");
    }

    @Test
    void aReadmeBesideTheFolderDoesNotMakeItAnother() {
        ZipFixture project = ZipFixture.zip()
                .file("README.md", "")
                .file("LICENSE", "")
                .file("job/main.py", "open('conf/app.ini')\n")
                .file("job/conf/app.ini", "");

        assertThat(filesOf(project.in(uploads))).containsOnlyKeys("main.py", "conf/app.ini");
        assertThat(filesOf(project.file("requirements.txt", "").in(uploads)))
                .as("what is no document belongs to the project")
                .containsKeys("job/main.py", "requirements.txt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "job/main.py | open('job/conf/app.ini')",
                "job/run.py | print()",
                "src/main.py | print()",
                "job/main.py | import job.other"
            })
    void besideAReadmeAFolderStaysWhenAnythingSpeaksForIt(String file, String source) {
        Path upload = ZipFixture.zip().file("README.md", "").file(file, source).in(uploads);

        assertThat(filesOf(upload)).containsOnlyKeys("README.md", file);
    }

    @ParameterizedTest
    @CsvSource({"jobs/daily, ''", "./jobs/daily/, ''", "jobs/daily, repo-main/", "repo-main/jobs/daily, repo-main/"})
    void oneFolderOfARepositoryCanBeTheProject(String folder, String wrapper) throws IOException {
        Path upload = ZipFixture.zip()
                .file(wrapper + "jobs/daily/main.py", "print()\n")
                .file(wrapper + "jobs/daily/config.yaml", "a: 1\n")
                .file(wrapper + "jobs/daily2/main.py", "")
                .file(wrapper + "README.md", "")
                .in(uploads);

        try (ProjectArchive project = cut(upload, folder)) {
            assertThat(filesOf(project)).containsOnlyKeys("main.py", "config.yaml");
        }
        Path alone = ZipFixture.zip()
                .file("main.py", "print()\n")
                .file("config.yaml", "a: 1\n")
                .in(uploads);
        try (ProjectArchive project = cut(upload, folder);
                ProjectArchive same = open(alone)) {
            assertThat(project.id()).as("the id of the same files").isEqualTo(same.id());
        }
    }

    @Test
    void aFolderThatIsNotThereIsRefusedWithThoseThatAre() {
        Path upload = ZipFixture.zip()
                .file("jobs/daily/main.py", "")
                .file("libs/x.py", "")
                .in(uploads);

        InvalidProject refusal = catchThrowableOfType(InvalidProject.class, () -> cut(upload, "daily"));

        assertThat(refusal.problem()).isEqualTo(Problem.INVALID_SPEC);
        assertThat(refusal.details()).extracting(Detail::at).containsExactly("projectFolder");
        assertThat(refusal).hasMessageContaining("'daily'").hasMessageContaining("jobs, libs");
        assertThat(catchThrowableOfType(InvalidProject.class, () -> cut(upload, "../jobs"))
                        .problem())
                .isEqualTo(Problem.UNSAFE_PATH);
    }

    @Test
    void configurationsAreLaidOverTheFolderThatIsTheProject() throws IOException {
        Path upload = ZipFixture.zip()
                .file("jobs/daily/main.py", "")
                .file("jobs/daily/app.ini", "old")
                .file("app.ini", "")
                .in(uploads);

        try (ProjectArchive project = ProjectArchive.read(
                HeldBytes.of(upload),
                "x.zip",
                List.of(overlay("app.ini", "new")),
                SMALL,
                WorkFolder.of(work),
                MEMORY,
                "jobs/daily")) {
            assertThat(filesOf(project)).containsEntry("app.ini", "new").hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
    void aSourceThatIsNotUtf8IsNamedAsSuch(String charset) throws IOException {
        Path upload = Files.write(uploads.resolve("job.py"), "print('it ran')\n".getBytes(charset));

        InvalidProject refusal = catchThrowableOfType(InvalidProject.class, () -> open(upload, "job.py", SMALL));

        assertThat(refusal).hasMessageContaining("UTF-16").hasMessageContaining("UTF-8");
    }

    @Test
    void aNotebookIsNoProject() throws IOException {
        Path upload = Files.writeString(uploads.resolve("x.ipynb"), "{}", StandardCharsets.UTF_8);

        assertThat(catchThrowableOfType(InvalidProject.class, () -> open(upload, "x.ipynb", SMALL)))
                .hasMessageContaining("nbconvert");
    }

    private ProjectArchive cut(Path upload, String folder) {
        try {
            return ProjectArchive.read(
                    HeldBytes.of(upload), "upload.zip", List.of(), SMALL, WorkFolder.of(work), MEMORY, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
