package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.project.InvalidProject;
import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.JobSpec;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.spec.KeptValues;
import io.slipway.project.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is started of real projects, and what is said when nobody can know. */
class EntryPointTest {

    private static final String GUARD = "if __name__ == '__main__':\n    main()\n";

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "def helper():\n    return run()\n",
                "class Job:\n    rows = load()\n\n    def run(self): go()\n",
                "import logging\nlog = logging.getLogger('x')\n@cached\ndef f(a,\n      b=make()):\n    go()\n",
                "'''Docs: run() it'''\nLIMIT = 3\ndef f():\n    s = \"\"\"\nmain()\n\"\"\"\n",
                "try:\n    import json\nexcept ImportError:\n    json = None\ndef f(): pass\n",
                "LIMIT = 3  # f()\nNAME = 'g()'\n"
            })
    void aLoneFileThatOnlyDefinesThingsIsNotTaken(String idle) throws IOException {
        InvalidProject refusal = refusal(null, "temp.py", idle, "jobs/etl.py", GUARD, "jobs/helper.py", "X = 1\n");

        assertThat(refusal)
                .hasMessageContaining("temp.py")
                .hasMessageContaining("would do nothing")
                .hasMessageContaining("Found: jobs/etl.py.");
        assertThat(refusal.details()).extracting(Detail::at).containsExactly("jobs/etl.py");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "def f():\n    pass\nf()\n",
                "def main(): pass\n" + GUARD,
                "def f():\n    return (1\n\n" + GUARD,
                "def f():\n    return \"\"\"1\n\n" + GUARD,
                "from app import run; run()\n",
                "import jobs.etl\n",
                "spark = SparkSession.builder.getOrCreate()\n",
                "for x in range(3):\n    print(x)\n",
                "if True:\n    go()\n",
                "x = (1 +\n  f())\n",
                "x = 'it\\'s' + f()\n"
            })
    void aLoneFileThatDoesSomethingIsTaken(String active) throws IOException {
        assertThat(found(null, "temp.py", active, "jobs/etl.py", GUARD)).isEqualTo("temp.py");
    }

    @Test
    void ofSeveralFilesTheOneThatDoesSomethingIsMeant() throws IOException {
        assertThat(found(null, "run.py", "main()\n", "helpers.py", "def f(): pass\n"))
                .isEqualTo("run.py");
        assertThat(found(null, "main.py", "def main(): pass\n", "run.py", "import main\nmain.main()\n"))
                .isEqualTo("run.py");
    }

    @Test
    void ofAFolderThatPythonCanStartItsOwnProgramIsMeant() throws IOException {
        assertThat(found(null, "__main__.py", "import main\nmain.run()\n", "main.py", "def run(): pass\n" + GUARD))
                .isEqualTo("__main__.py");
    }

    @Test
    void whatOthersImportIsNoProgramUnlessItAsksWhetherItIs() throws IOException {
        String settings = "import logging.config\nlogging.config.fileConfig('x.ini')\nconfig = read()\n";
        assertThat(found(null, "job.py", "import settings\ngo()\n", "settings.py", settings))
                .isEqualTo("job.py");
        assertThat(refusal(
                        null,
                        "src/driver.py",
                        "from store.queries import (a,\n  b)\nimport udf as u, s3\n" + GUARD,
                        "src/store/queries.py",
                        settings,
                        "src/udf.py",
                        settings,
                        "src/s3.py",
                        settings,
                        "src/report.py",
                        "from src import driver\n" + GUARD))
                .hasMessageContaining("Found: src/driver.py, src/report.py.");
    }

    @Test
    void aProjectThatOnlyDefinesThingsOffersNothing() {
        InvalidProject refusal = refusal(
                null,
                "features/load.py",
                "class Load:\n    x = 1\n",
                "enums/kind.py",
                "from enum import Enum\nclass K(Enum):\n    A = 1\n");
        assertThat(refusal)
                .hasMessageContaining("only define things and would do nothing either: enums/kind.py, features/load.py")
                .hasMessageNotContaining("Found:");
        assertThat(refusal.details()).isEmpty();
    }

    @Test
    void aSingleIdleFileIsSaidToDoNothing() {
        assertThat(refusal(null, "job.py", "def main():\n    pass\n")).hasMessageContaining("would do nothing");
    }

    @Test
    void whatSetsAProjectUpOrTestsItIsNoCandidate() {
        InvalidProject refusal = refusal(
                null,
                "setup.py",
                "setup()\n",
                "conftest.py",
                "go()\n",
                "test_x.py",
                "go()\n",
                "pkg/__init__.py",
                "go()\n",
                "pkg/tests/test_run.py",
                "go()\n",
                "tests/run.py",
                "go()\n",
                "docs/conf.py",
                "go()\n",
                "pkg/run.py",
                "go()\n");

        assertThat(refusal.details()).extracting(Detail::at).containsExactly("pkg/run.py");
    }

    @Test
    void aProjectOfOnePackageIsStartedByItsProgram() throws IOException {
        assertThat(found(null, "app/__init__.py", "", "app/__main__.py", "go()\n"))
                .isEqualTo("-m app");
        assertThat(found(null, "app/__init__.py", "", "app/main.py", "from app.core import run\nrun()\n"))
                .isEqualTo("app/main.py");
        assertThat(found(null, "app/__init__.py", "", "app/main.py", "from .core import run\nrun()\n"))
                .isEqualTo("-m app.main");
        assertThat(found("-m app.main", "app/__init__.py", "", "app/main.py", "go()\n"))
                .isEqualTo("-m app.main");
        assertThat(found("app/main.py", "app/__init__.py", "", "app/main.py", "go()\n"))
                .isEqualTo("app/main.py");
    }

    @Test
    void aModuleInAFolderOffThePathIsNamedWithTheWayToIt() {
        assertThat(refusal("-m app.cli", "pyproject.toml", "", "src/app/__init__.py", "", "src/app/cli.py", GUARD))
                .hasMessageContaining("It lies in the folder 'src'")
                .hasMessageContaining("pythonPath=src");
        assertThat(refusal("-m app", "setup.cfg", "", "code/lib/app/__main__.py", GUARD))
                .hasMessageContaining("pythonPath=code/lib");
    }

    @Test
    void aModuleThatCannotBeStartedIsToldWhy() {
        assertThat(refusal("-m app", "app/__init__.py", "", "app/cli.py", GUARD))
                .hasMessageContaining("package without a __main__.py")
                .hasMessageContaining("-m app.cli");
        assertThat(refusal("-m app/cli.py", "app/cli.py", GUARD)).hasMessageContaining("-m app.cli");
        assertThat(refusal("-m job.main", "job/main.py", GUARD))
                .hasMessageContaining("taken off")
                .hasMessageContaining("name it -m main");
    }

    @Test
    void consoleScriptsOfTheProjectAreOffered() {
        InvalidProject refusal = refusal(
                null,
                "pyproject.toml",
                "[project]\nname = 'app'\n[project.scripts]\nrun-app = \"app.cli:main\"\ngone = 'x.y:z'\n[tool.x]\na = 'b:c'\n",
                "src/app/__init__.py",
                "",
                "src/app/cli.py",
                GUARD);

        assertThat(refusal).hasMessageContaining("run-app (-m app.cli with pythonPath=src)");
        assertThat(refusal.details())
                .extracting(Detail::at)
                .contains("-m app.cli")
                .doesNotContain("-m x.y", "-m b");
    }

    @Test
    void consoleScriptsOfAWheelAreOfferedAndItsModulesCanBeStarted() throws IOException {
        String wheel = zip(
                "app/cli.py",
                GUARD,
                "app-1.0.dist-info/entry_points.txt",
                "[console_scripts]\nrun-app = app.cli:main\n");

        InvalidProject refusal = refusal(null, "README.md", "", "dist/app-1.0-py3-none-any.whl", wheel);

        assertThat(refusal).hasMessageContaining("run-app (-m app.cli with pythonPath=dist/app-1.0-py3-none-any.whl)");
        assertThat(found(
                        Map.of("entryPoint", "-m app.cli", "pythonPath", "dist/app.whl"),
                        Projects.files("README.md", "", "dist/app.whl", wheel)))
                .isEqualTo("-m app.cli");
        assertThat(refusal(
                        Map.of("entryPoint", "-m app.other", "pythonPath", "dist/app.whl"),
                        Projects.files("README.md", "", "dist/app.whl", wheel)))
                .hasMessageContaining("no module 'app.other'");
    }

    @Test
    void anUnpackedWheelOffersItsConsoleScripts() {
        assertThat(refusal(
                        null,
                        "app/__init__.py",
                        "",
                        "app/cli.py",
                        "def main(): pass\n",
                        "app-1.0.dist-info/entry_points.txt",
                        "[console_scripts]\nrun-app=app.cli:main\n"))
                .hasMessageContaining(
                        "run-app (-m app.cli, once the module calls main() under if __name__ == '__main__')");
    }

    @Test
    void notebooksAreToldHowToBecomePrograms() {
        assertThat(refusal(null, "etl.ipynb", "{}", "README.md", ""))
                .hasMessageContaining("jupyter nbconvert --to script etl.ipynb");
        assertThat(refusal("etl.ipynb", "etl.ipynb", "{}", "main.py", GUARD)).hasMessageContaining("nbconvert");
    }

    private String found(String entryPoint, String... files) throws IOException {
        return found(entryPoint == null ? Map.of() : Map.of("entryPoint", entryPoint), Projects.files(files));
    }

    private InvalidProject refusal(String entryPoint, String... files) {
        return refusal(entryPoint == null ? Map.of() : Map.of("entryPoint", entryPoint), Projects.files(files));
    }

    private InvalidProject refusal(Map<String, String> fields, Map<String, String> files) {
        InvalidProject refusal = catchThrowableOfType(InvalidProject.class, () -> found(fields, files));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    private String found(Map<String, String> fields, Map<String, String> files) throws IOException {
        Map<String, List<String>> form = new LinkedHashMap<>();
        fields.forEach((name, value) -> form.put(name, new ArrayList<>(List.of(value))));
        JobSpec spec = new SpecReader(KeptValues.NONE).read(null, form, null);
        try (ProjectArchive project = Projects.of(root, files)) {
            return new ProjectInspector().inspect(project, spec).entryPoint();
        }
    }

    /** As text, each byte as one character. */
    private static String zip(String... filesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream entries = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : Projects.files(filesAndTexts).entrySet()) {
                entries.putNextEntry(new ZipEntry(file.getKey()));
                entries.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
