package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.slipway.project.ArtifactId;
import io.slipway.project.DriverHost;
import io.slipway.project.Finding;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.Launch;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.ArchiveLimits;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.archive.ZipFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the machine's python3 tells of sources that it reads and never runs. */
class SourceAnalysisTest {

    private static final SourceAnalysis ANALYSIS = new SourceAnalysis("python3", Duration.ofSeconds(30));

    @TempDir
    private Path root;

    private Path work;

    @BeforeEach
    void arrange() throws IOException {
        work = Files.createDirectory(root.resolve("work"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SparkConf().setMaster('local[*]') | local-master",
                "b.master('local').getOrCreate() | local-master",
                "b.config('spark.master', 'local[2]') | local-master",
                "sc = SparkContext('local[2]') | local-master",
                "sc = SparkContext(master='local') | local-master",
                "conf.setAll([('spark.master', 'local[*]')]) | local-master",
                "M = 'local[3]'; b.master(M) | local-master",
                "os.environ['PYSPARK_SUBMIT_ARGS'] = '--master local[2] pyspark-shell' | local-master",
                "b.master('spark://master:7077') | other-master",
                "SparkConf().setMaster('mesos://host:5050') | other-master",
                "b.config('spark.master', 'k8s://https://host') | other-master",
                "b.config('spark.sql.execution.arrow.enabled', 'true') | arrow-setting",
                "df.registerTempTable('t') | register-temp-table",
                "spark.read.option('header', True).csv('data/x.csv') | relative-spark-path",
                "df.write.mode('overwrite').parquet('out/x') | relative-spark-path",
                "sc.textFile('data/x.txt') | relative-spark-path",
                "spark.read.csv(path='data/x.csv') | relative-spark-path",
                "spark.read.csv(['s3://b/x', 'data/x.csv']) | relative-spark-path",
                "r = spark.read.option('a', 1); r.json('data/x.json') | relative-spark-path",
                "spark.read.csv(f'data/{os.name}.csv') | relative-spark-path",
                "df.writeStream.start('out/x') | relative-spark-path",
                "df.write.option('path', 'out/x').saveAsTable('t') | relative-spark-path",
                "q = df.writeStream.option('checkpointLocation', 'chk') | relative-checkpoint",
                "df.writeStream.options(checkpointLocation='chk') | relative-checkpoint",
                "df.writeStream.start('s3://b/x', checkpointLocation='chk') | relative-checkpoint",
                "sc.setCheckpointDir('chk') | relative-checkpoint",
                "b.config('spark.sql.streaming.checkpointLocation', 'chk') | relative-checkpoint",
                "df.writeStream.option('checkpointLocation', os.path.abspath('chk')) | local-spark-path",
                "spark.sql(\"CREATE TABLE t (a INT) USING csv LOCATION 'data/t'\") | relative-spark-path",
                "spark.sql(f\"CREATE TABLE {os.name} USING csv LOCATION 'data/t'\") | relative-spark-path",
                "spark.sql('select * from csv.`data/x.csv`') | relative-spark-path",
                "spark.sql(\"CREATE VIEW v USING csv OPTIONS (path 'data/x.csv')\") | relative-spark-path",
                "spark.sql(\"load data local inpath 'data/x' into table t\") | relative-spark-path",
                "spark.sql('ADD JAR lib/x.jar') | relative-spark-path",
                "spark.read.csv(os.path.abspath('data/x.csv')) | local-spark-path",
                "spark.read.csv(os.path.join(os.path.dirname(__file__), 'x.csv')) | local-spark-path",
                "spark.read.csv(str(Path(__file__).parent / 'x.csv')) | local-spark-path",
                "spark.read.csv('file://' + os.path.realpath('x.csv')) | local-spark-path",
                "df.write.csv('file:///tmp/x') | local-spark-path",
                "spark.read.json('file:/data/x') | local-spark-path",
                "spark.read.csv(f'file://{os.getcwd()}/x.csv') | local-spark-path",
                "HERE = os.path.dirname(__file__); D = os.path.join(HERE, 'd'); spark.read.csv(f'{D}/x') |"
                        + " local-spark-path",
                "sc.textFile(str(Path('x').resolve())) | local-spark-path",
                "answer = input('Go on?') | standard-input",
                "import sys; rows = sys.stdin.read() | standard-input",
                "import sys; rows = list(sys.stdin) | standard-input",
                "from sys import stdin; rows = stdin.readlines() | standard-input",
                "import getpass; getpass.getpass() | standard-input",
                "breakpoint() | standard-input",
                "open('/home/me/data.csv') | laptop-path",
                "open(f'/home/{os.name}/data.csv') | laptop-path",
                "open(Path.home() / 'data.csv') | laptop-path",
                "p = '~' | laptop-path",
                "open('~/data.csv') | laptop-path",
                "open('C:\\\\Users\\\\me\\\\data.csv') | laptop-path",
                "import numpy | import-not-in-project",
                "from numpy.linalg import norm | import-not-in-project",
                "x = = 1 | syntax-error"
            })
    void aLineThatWillNotWorkOnAClusterIsNamedByFileAndLine(String line, String code) throws IOException {
        List<Finding> findings = analyse("main.py", Map.of("main.py", "import os\n\n" + line + "\nprint()\n"));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(code);
            assertThat(finding.at()).isEqualTo("main.py:3");
            assertThat(finding.what()).isNotBlank();
            assertThat(finding.wayOut()).isNotBlank();
            assertThat(finding.isWarning()).isEqualTo(!code.startsWith("import"));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "import json, pyspark.sql.functions, data.source",
                "import sibling",
                "b.master('yarn')",
                "spark.read.csv('s3://b/x.csv')",
                "json.load(open('data/x.json'))",
                "requests.text('a')",
                "'''A sentence with /home/me in it.'''",
                "print('/opt/thing')",
                "print('/tmp/x', '/home/hadoop/x', r'd:\\d+')",
                "requests.get(url).json('a/b')",
                "import sys; sys.stdin.isatty()",
                "def f(input): return input()",
                "spark.sql(\"CREATE TABLE t USING csv LOCATION 's3://b/t'\")",
                "spark.sql(f\"CREATE TABLE t USING csv LOCATION '{root}/t'\")",
                "df.writeStream.option('checkpointLocation', 's3://b/chk')",
                "click.option('path', 'data/x')",
                "open(os.path.join(os.path.dirname(__file__), 'x.csv'))",
                "spark.read.csv(config(os.path.dirname(__file__)).uri)",
                "sc.addPyFile('extra/late.py'); import late",
                "sc.addPyFile('s3://b/libs.zip'); import anything",
                "import sys, os; sys.path.insert(0, os.path.join(os.path.dirname(__file__), 'libs')); import vendored",
                "b.master(name)"
            })
    void aLineThatWorksIsLeftAlone(String line) throws IOException {
        assertThat(analyse(
                        "main.py",
                        Map.of(
                                "main.py",
                                "import os\n" + line + "\nprint()\n",
                                "data/source.py",
                                "",
                                "sibling.py",
                                "",
                                "libs/vendored.py",
                                "",
                                "extra/late.py",
                                "")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "app.ini, master_url = local[2], true",
        "app.ini, master_url=yarn, false",
        "conf/app.yml, 'spark.master: \"local[*]\"', true",
        "app.json, '  \"master\": \"spark://host:7077\",', true",
        "app.json, '{\"spark\": {\"master_url\": \"local\"}}', true",
        "run.env, export SPARK_MASTER=local, true",
        "app.ini, master = main, false",
        "app.ini, master_key = abc, false",
        "notes.txt, master_url = local, false"
    })
    void aConfigurationThatNamesAnotherMasterThanYarnIsFound(String file, String line, boolean found)
            throws IOException {
        List<Finding> findings = analyse("main.py", Map.of("main.py", "print()\n", file, "[spark]\n" + line + "\n"));

        assertThat(findings.stream().map(finding -> finding.code() + " " + finding.at()))
                .isEqualTo(found ? List.of("config-master " + file + ":2") : List.of());
    }

    @Test
    void anEntryThatOnlyDefinesThingsIsFound() throws IOException {
        String definitions = "\"\"\"Doc.\"\"\"\nimport os\nLIMIT = 3\ndef main():\n    print()\n";

        assertThat(analyse("main.py", Map.of("main.py", definitions)))
                .extracting(Finding::code)
                .containsExactly("entry-does-nothing");
        assertThat(analyse("main.py", Map.of("main.py", definitions + "if __name__ == '__main__':\n    main()\n")))
                .isEmpty();
        assertThat(analyse("main.py", Map.of("main.py", "import app\napp = app.run()\n", "app.py", "")))
                .isEmpty();
    }

    @Test
    void whatOnlyPreparesSomethingAtModuleLevelDoesNothing() throws IOException {
        String usual = """
            import logging
            import os
            from pathlib import Path
            try:
                import json
            except ImportError:
                json = None
            log = logging.getLogger(__name__)
            HERE = Path(__file__).resolve()
            STAGE = os.environ.get('STAGE', 'test')
            def main():
                print()
            """;

        assertThat(analyse("main.py", Map.of("main.py", usual)))
                .extracting(Finding::code)
                .containsExactly("entry-does-nothing");
        assertThat(analyse("main.py", Map.of("main.py", usual + "main()\n"))).isEmpty();
    }

    @Test
    void whatIsMissingIsNamedOnceAndHidesNoWarning() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (int i = 0; i < 70; i++) {
            sources.put("a/m" + i + ".py", "import numpy\nimport pandas\nimport lib%d\n".formatted(i));
        }
        for (int i = 0; i < 60; i++) {
            sources.put("b/m" + i + ".py", "import other%d\n".formatted(i));
        }
        sources.put("zjobs/main.py", "__import__(os.name)\nSparkConf().setMaster('local')\n");

        List<Finding> findings = analyse("zjobs/main.py", sources);

        assertThat(findings)
                .filteredOn(Finding::isWarning)
                .extracting(Finding::code)
                .containsExactly("local-master");
        assertThat(findings)
                .filteredOn(finding -> finding.what().startsWith("numpy"))
                .hasSize(1);
        assertThat(findings).extracting(Finding::code).contains("findings-cut");
    }

    @Test
    void dataTakesNoSourcesPlace() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (int i = 0; i < 5_100; i++) {
            sources.put("data/%04d.csv".formatted(i), "1\n");
        }
        sources.put("main.py", "SparkConf().setMaster('local')\n");

        assertThat(analyse("main.py", sources)).extracting(Finding::code).containsExactly("local-master");
    }

    @Test
    void nothingOfTheProjectIsRunOrLeftBehind() throws IOException {
        Path proof = root.resolve("it-ran");
        String evil = "open(%r, 'w')\n".replace("%r", "'" + proof + "'");

        analyse(
                "main.py",
                Map.of(
                        "main.py",
                        evil,
                        "ast.py",
                        evil,
                        "json.py",
                        evil,
                        "sitecustomize.py",
                        evil,
                        "usercustomize.py",
                        evil));

        assertThat(proof).doesNotExist();
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("analysis-"));
        }
    }

    @Test
    void aSourceThatNobodyCanReadIsAFindingNotAFailure() throws IOException {
        assertThat(analyse(
                        "main.py", Map.of("main.py", "import deep\n", "deep.py", "x = " + "(".repeat(50_000) + "\n")))
                .extracting(Finding::file)
                .containsOnly("deep.py");
    }

    @Test
    void withoutPythonTheFindingsSayThatTheyAreLimited() throws IOException {
        SourceAnalysis absent = new SourceAnalysis("no-such-python", Duration.ofSeconds(1));

        assertThat(analyse(absent, "main.py", Map.of("main.py", "SparkConf().setMaster('local')\n")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo("not-analysed");
                    assertThat(finding.isWarning())
                            .as("failOn: warning is no promise then")
                            .isTrue();
                    assertThat(finding.what()).contains("there is no no-such-python");
                });
    }

    @Test
    void anAnalysisThatTakesTooLongIsEnded() throws IOException {
        Path slow = root.resolve("slow");
        Files.writeString(slow, "#!/bin/sh\nsleep 600\n");
        assertThat(slow.toFile().setExecutable(true)).isTrue();

        assertThat(analyse(
                        new SourceAnalysis(slow.toString(), Duration.ofMillis(200)), "main.py", Map.of("main.py", "x")))
                .extracting(Finding::code)
                .containsExactly("not-analysed");
    }

    @Test
    void theAnalysersSyntaxIsThatOfPython37() throws Exception {
        Path programs =
                Path.of("src/main/resources/io/slipway/project/analysis").toAbsolutePath();
        Process check = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import ast, glob, sys; files = glob.glob(sys.argv[1] + '/*.py'); [ast.parse(open(one,"
                                + " encoding='utf-8').read(), feature_version=(3, 7)) for one in files];"
                                + " sys.exit(len(files) < 8)",
                        programs.toString())
                .inheritIO()
                .start();
        assertThat(check.waitFor()).isZero();
    }

    @Test
    void theListOfFilesTellsMore() {
        List<ProjectFile> files = List.of(new ProjectFile("fast/core.so", 1, "", false));

        assertThat(PlanFindings.of(plan("tests/run.py", Layout.SPLIT), files))
                .extracting(Finding::code)
                .containsExactly("entry-is-a-test", "native-in-zip");
        assertThat(PlanFindings.of(plan("main.py", Layout.UNCHANGED), files)).isEmpty();
        assertThat(PlanFindings.of(
                        new LaunchPlan(
                                new ArtifactId("ab".repeat(32)),
                                "main.py",
                                List.of(),
                                Map.of(),
                                Map.of(),
                                new Launch(
                                        Layout.UNCHANGED,
                                        Mode.CLUSTER,
                                        null,
                                        new Python(List.of("a-1-py3-none-any.whl", "b-1-cp39-linux.whl"), null),
                                        null,
                                        FailOn.NEVER)),
                        files))
                .extracting(Finding::at)
                .containsExactly("b-1-cp39-linux.whl:1");
    }

    @Test
    void aWheelThatIsNoneIsAFindingAndABombIsNotUnpacked() throws IOException {
        Path zip = root.resolve("wheels.zip");
        try (ZipOutputStream entries = new ZipOutputStream(Files.newOutputStream(zip))) {
            entries.putNextEntry(new ZipEntry("main.py"));
            entries.write("import good_one, bomb\n".getBytes(StandardCharsets.UTF_8));
            entries.putNextEntry(new ZipEntry("broken.whl"));
            entries.write("PK\3\4 and nothing more".getBytes(StandardCharsets.UTF_8));
            entries.putNextEntry(new ZipEntry("good.whl"));
            entries.write(ZipFixture.zip().file("good_one/__init__.py", "").bytes());
            entries.putNextEntry(new ZipEntry("bomb.whl"));
            // Its content does not even inflate: nobody tries.
            entries.write(ZipFixture.zip()
                    .with(ZipFixture.packed("bomb.py", "x")
                            .compressed(new byte[100])
                            .size(1L << 31))
                    .bytes());
        }
        List<String> places = List.of("broken.whl", "good.whl", "bomb.whl");
        LaunchPlan plan = new LaunchPlan(
                new ArtifactId("ab".repeat(32)),
                "main.py",
                List.of(),
                Map.of(),
                Map.of(),
                new Launch(Layout.UNCHANGED, Mode.CLUSTER, null, new Python(places, null), null, FailOn.NEVER));
        try (ProjectArchive archive = ProjectArchive.read(zip, "x", List.of(), ArchiveLimits.DEFAULTS, work)) {
            assertThat(ANALYSIS.of(archive, plan, DriverHost.PROCESS, work))
                    .extracting(Finding::code, Finding::file)
                    .contains(tuple("wheel-unreadable", "broken.whl"))
                    .noneMatch(finding -> finding.toList().contains("import-not-in-project"));
        }
    }

    @Test
    void findingsBeyondAThousandAreCounted() {
        List<Finding> many = Collections.nCopies(5_000, Finding.warning("x", "a.py", "Wrong.", "Mend it."));

        List<Finding> capped = Finding.capped(many);

        assertThat(capped).hasSize(1_001);
        assertThat(capped.get(1_000).what()).contains("4,000 more");
        assertThat(capped.get(1_000).isWarning()).isTrue();
    }

    @Test
    void waitsForAPlaceAndGivesUp() {
        Semaphore none = new Semaphore(0);

        assertThatThrownBy(() -> analyse(
                        new SourceAnalysis("python3", Duration.ofMillis(10), none), "main.py", Map.of("main.py", "x")))
                .isInstanceOf(InspectionsBusy.class);
    }

    private List<Finding> analyse(String entryPoint, Map<String, String> files) throws IOException {
        return analyse(ANALYSIS, entryPoint, files);
    }

    private List<Finding> analyse(SourceAnalysis analysis, String entryPoint, Map<String, String> files)
            throws IOException {
        Path zip = root.resolve("upload.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                entries.putNextEntry(new ZipEntry(file.getKey()));
                entries.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        try (ProjectArchive archive = ProjectArchive.read(zip, "upload.zip", List.of(), ArchiveLimits.DEFAULTS, work)) {
            return analysis.of(archive, plan(entryPoint, Layout.UNCHANGED), DriverHost.PROCESS, work);
        }
    }

    private static LaunchPlan plan(String entryPoint, Layout layout) {
        return new LaunchPlan(
                new ArtifactId("ab".repeat(32)),
                entryPoint,
                List.of(),
                Map.of(),
                Map.of(),
                new Launch(layout, Mode.CLUSTER, null, new Python(List.of(), null), null, FailOn.NEVER));
    }
}
