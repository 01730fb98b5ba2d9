package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.slipway.project.ArtifactId;
import io.slipway.project.DriverHost;
import io.slipway.project.Finding;
import io.slipway.project.Launch;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What depends on the sources that an entry point reaches, and on what its driver runs in. */
class ReachedSourcesTest {

    private static final SourceAnalysis ANALYSIS = new SourceAnalysis("python3", Duration.ofSeconds(30));

    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource({
        "PROCESS, ''",
        "CONTAINER_WITH_LATE_CONTEXT, INFO",
        "CONTAINER_WITH_LAUNCHER, WARNING",
        "CONTAINER_ALONE, WARNING"
    })
    void aProgramWithoutASparkSessionIsNamedWhereYarnWantsOne(DriverHost host, String severity) throws IOException {
        List<Finding> findings = analyse(
                host,
                Map.of(
                        "main.py", "import report.words\nreport.words.count()\n",
                        "report/words.py", "from pyspark.sql.types import StringType\ndef count(): pass\n",
                        "other.py", "SparkSession.builder.getOrCreate()\n"));

        assertThat(findings.stream().map(finding -> finding.code() + " " + finding.severity()))
                .isEqualTo(severity.isEmpty() ? List.of() : List.of("no-spark-session " + severity));
        if (host == DriverHost.CONTAINER_ALONE) {
            assertThat(findings.get(0).what()).contains("FAILED", "exit 13");
            assertThat(findings.get(0).wayOut()).contains("layout unchanged");
        }
        if (host == DriverHost.CONTAINER_WITH_LATE_CONTEXT) {
            assertThat(findings.get(0).what()).contains("launcher makes a context");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark = SparkSession.builder.appName('x').getOrCreate()",
                "from pyspark import SparkContext as SC\nsc = SC()",
                "sc = SparkContext.getOrCreate()",
                "import pyspark.pandas as ps",
                "from pyspark import pandas",
                "builder = SparkSession.builder; spark = helpers(builder)"
            })
    void aSessionThatAnyReachedFileMakesIsSeen(String line) throws IOException {
        assertThat(codes(analyse(
                        DriverHost.CONTAINER_ALONE,
                        Map.of(
                                "main.py", "from jobs import run\nrun.main()\n",
                                "jobs/__init__.py", "",
                                "jobs/run.py", "from .deep import session\ndef main(): pass\n",
                                "jobs/deep/session.py", "def made():\n    " + line.replace("\n", "\n    ") + "\n"))))
                .isEmpty();
    }

    @Test
    void whatIsImportedByANameThatOnlyTheRunKnowsMayBeAnyFile() throws IOException {
        assertThat(codes(analyse(
                        DriverHost.CONTAINER_ALONE,
                        Map.of(
                                "main.py", "import importlib, sys\nimportlib.import_module(sys.argv[1])\n",
                                "plugin.py", "SparkSession.builder.getOrCreate()\n"))))
                .isEmpty();
    }

    @Test
    void aModuleFromElsewhereMayMakeTheSession() throws IOException {
        assertThat(analyse(DriverHost.CONTAINER_ALONE, Map.of("main.py", "import our_spark\nour_spark.start()\n")))
                .filteredOn(finding -> finding.code().equals("no-spark-session"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.isWarning()).isFalse();
                    assertThat(finding.what()).contains("unless our_spark does");
                });
    }

    @Test
    void anEndByExitOfTheSystemIsOneThatTheLauncherCannotHelp() throws IOException {
        List<Finding> findings = analyse(
                DriverHost.CONTAINER_WITH_LATE_CONTEXT, Map.of("main.py", "import os\nprint(1)\nos._exit(0)\n"));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("no-spark-session");
            assertThat(finding.isWarning()).isTrue();
            assertThat(finding.at()).isEqualTo("main.py:3");
            assertThat(finding.what()).contains("os._exit");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "PROCESS, driver works alone",
        "CONTAINER_WITH_LATE_CONTEXT, launcher stops that context",
        "CONTAINER_WITH_LAUNCHER, The job will fail",
        "CONTAINER_ALONE, The job will fail"
    })
    void aLocalMasterIsToldWithWhatComesOfIt(DriverHost host, String what) throws IOException {
        assertThat(analyse(host, Map.of("main.py", "SparkSession.builder.master('local[*]').getOrCreate()\n")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo("local-master");
                    assertThat(finding.what()).contains(what);
                });
    }

    @Test
    void standardInputIsFoundWhereTheEntryPointReachesIt() throws IOException {
        List<Finding> findings = analyse(
                DriverHost.CONTAINER_ALONE,
                Map.of(
                        "main.py", "import asks\nSparkSession.builder.getOrCreate()\n",
                        "asks.py", "def ask():\n    return input()\n",
                        "tools/shell.py", "input()\n"));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.at()).isEqualTo("asks.py:2");
            assertThat(finding.what()).contains("input()", "waits for ever");
        });
    }

    @Test
    void aSessionThatIsMadeByTheImportOfAPackageIsFound() throws IOException {
        List<Finding> findings = analyse(
                DriverHost.CONTAINER_WITH_LATE_CONTEXT,
                Map.of(
                        "main.py", "import jobs.run\nimport shared\nimport udfs\njobs.run.main()\n",
                        "jobs/__init__.py", "spark = SparkSession.builder.getOrCreate()\n",
                        "jobs/run.py", "def main():\n    return SparkSession.builder.getOrCreate()\n",
                        "shared.py", "spark = SparkSession.builder.getOrCreate()\n",
                        "udfs.py",
                                "spark = SparkSession.builder.getOrCreate()\n"
                                        + "@udf('int')\n"
                                        + "def one(x):\n"
                                        + "    return 1\n"));

        assertThat(findings.stream().map(finding -> finding.code() + " " + finding.at()))
                .containsExactly("session-at-import jobs/__init__.py:1", "session-at-import udfs.py:1");
    }

    @Test
    void inLayoutSplitAModuleOfTheZipIsNoFileForSpark() throws IOException {
        String source = "sc = SparkContext()\nsc.addPyFile('extra/m.py')\nsc.addFile('data/x.txt')\nimport m\n";
        Map<String, String> project = Map.of("main.py", source, "extra/m.py", "", "data/x.txt", "1");

        assertThat(analyse(DriverHost.CONTAINER_ALONE, project)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("file-not-in-container");
            assertThat(finding.at()).isEqualTo("main.py:2");
        });
        assertThat(analyse(DriverHost.CONTAINER_WITH_LATE_CONTEXT, project))
                .as("the launcher gives the JVM their paths in the project")
                .extracting(Finding::code, Finding::isWarning)
                .containsOnly(tuple("added-file-of-the-project", false));
    }

    @Test
    void inLayoutSplitPathsMadeOfFileLeadNowhereOnExecutors() throws IOException {
        String module = "import os\nTABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'x.csv')\n";
        Map<String, String> project = Map.of("main.py", "import m\nSparkContext()\n", "m.py", module);

        assertThat(analyse(DriverHost.CONTAINER_ALONE, project)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("file-relative-in-split");
            assertThat(finding.at()).isEqualTo("m.py:2");
            assertThat(finding.isWarning()).isTrue();
        });
        assertThat(analyse(DriverHost.CONTAINER_WITH_LATE_CONTEXT, project)).isEmpty();
    }

    private static List<String> codes(List<Finding> findings) {
        return findings.stream().map(Finding::code).toList();
    }

    private List<Finding> analyse(DriverHost host, Map<String, String> files) throws IOException {
        Path zip = Files.createTempFile(root, "upload", ".zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                entries.putNextEntry(new ZipEntry(file.getKey()));
                entries.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        Path work = Files.createTempDirectory(root, "work");
        Layout layout = host == DriverHost.CONTAINER_ALONE ? Layout.SPLIT : Layout.UNCHANGED;
        LaunchPlan plan = new LaunchPlan(
                new ArtifactId("ab".repeat(32)),
                "main.py",
                List.of(),
                Map.of(),
                Map.of(),
                new Launch(layout, Mode.CLUSTER, null, new Python(List.of(), null), null, FailOn.NEVER));
        try (ProjectArchive archive = ProjectArchive.read(zip, "upload.zip", List.of(), ArchiveLimits.DEFAULTS, work)) {
            return ANALYSIS.of(archive, plan, host, work);
        }
    }
}
