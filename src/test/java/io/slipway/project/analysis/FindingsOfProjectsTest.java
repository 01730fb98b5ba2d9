package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.project.ClusterPython;
import io.slipway.project.DriverHost;
import io.slipway.project.Finding;
import io.slipway.project.ProjectFile;
import io.slipway.project.archive.ProjectArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Findings of whole projects: each line of a source that has one says which, and no other line has any. */
class FindingsOfProjectsTest {

    private static final SourceAnalysis ANALYSIS = new SourceAnalysis("python3", Duration.ofSeconds(30));

    private static final ClusterPython PYTHON =
            new ClusterPython(3, 9, "the cluster's release emr-7.5.0", "Name another.");

    private static final String SESSION =
            "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n";

    @TempDir
    private Path root;

    @Test
    void whatTheEntryPointDoesNotReachIsToldApartAndWarnsNobody() throws IOException {
        List<Finding> findings = of(
                "job.py",
                "job.py",
                SESSION + "import lib.used\n",
                "lib/__init__.py",
                "",
                "lib/used.py",
                "spark.read.csv('data/x.csv')\n",
                "lib/unused.py",
                "open('/home/me/x.csv')\n",
                "test/conftest.py",
                "import pytest\nSparkSession.builder.master('local[4]')\n",
                "old/job.py",
                "print 'x'\n");

        assertThat(warnings(findings)).containsExactly("relative-spark-path lib/used.py:1");
        assertThat(findings)
                .filteredOn(finding -> finding.code().equals("findings-of-other-files"))
                .singleElement()
                .satisfies(apart -> {
                    assertThat(apart.isWarning()).isFalse();
                    assertThat(apart.what())
                            .contains("lib/unused.py:1 (laptop-path)")
                            .contains("test/conftest.py:2 (local-master)")
                            .contains("old/job.py:1 (python-2)");
                });
        assertThat(findings).noneMatch(finding -> finding.what().contains("pytest"));
    }

    @Test
    void whatIsStartedOrImportedByANameInATextIsReached() throws IOException {
        String wrong = "open('/home/me/x.csv')\n";

        assertThat(warnings(of(
                        "job.py",
                        "job.py",
                        SESSION + "import importlib, sys, subprocess\nimportlib.import_module('jobs.' + sys.argv[1])\n"
                                + "subprocess.run(['python3', 'tools/fetch.py'])\n",
                        "jobs/a.py",
                        wrong,
                        "others/b.py",
                        wrong,
                        "tools/fetch.py",
                        wrong)))
                .containsExactly("laptop-path jobs/a.py:1", "laptop-path tools/fetch.py:1");
    }

    @Test
    void settingsThatComeTooLateAndPathsThatTheJvmSeesOtherwiseAreNamedLineByLine() throws IOException {
        expect("""
            import os, sys
            os.environ['PYSPARK_SUBMIT_ARGS'] = '--jars x.jar pyspark-shell'  # late-spark-setting
            os.environ.setdefault('PYSPARK_SUBMIT_ARGS', 'pyspark-shell')  # late-spark-setting
            from pyspark import SparkConf, SparkFiles
            from pyspark.sql import SparkSession
            conf = SparkConf()
            conf.set('spark.driver.memory', '4g')  # late-spark-setting
            conf.setAll([
                ('spark.jars.packages', 'a:b:1'),  # late-spark-setting
                ('spark.sql.shuffle.partitions', '10'),
            ])
            spark = (
                SparkSession.builder
                .config('spark.driver.extraClassPath', 's3://b/x.jar')  # late-spark-setting
                .config('spark.jars', 's3://b/x.jar')  # late-spark-setting
                .config('spark.executor.memory', '4g')
                .config('spark.executor.extraJavaOptions', '-Dx={{y}} -Dp={{PWD}}')  # java-options-mangled
                .config('spark.executor.extraJavaOptions', '-Dp={{PWD}}/x')
                .config('spark.sql.warehouse.dir', 'warehouse')  # relative-spark-path
                .getOrCreate()
            )
            sc = spark.sparkContext
            sc.addFile('conf/app.json')  # added-file-of-the-project
            sc.addFile('conf/gone.json')  # added-file-missing
            sc.addFile('conf', recursive=True)  # added-folder
            sc.addFile('./conf/', True)  # added-folder
            sc.addFile('s3://b/far.json')
            open(SparkFiles.get('app.json'))
            open(SparkFiles.get('far.json'))
            open(SparkFiles.get('nobody.json'))  # spark-file-not-added
            spark.read.csv(os.path.join('data', 'x.csv'))  # relative-spark-path
            spark.read.csv('data/' + sys.argv[1])  # relative-spark-path
            spark.read.csv('data/%s.csv' % sys.argv[1])  # relative-spark-path
            spark.read.csv('data/{}.csv'.format(sys.argv[1]))  # relative-spark-path
            spark.read.csv(sys.argv[1] + '/x.csv')
            spark.read.csv('s3://{}/x.csv'.format(sys.argv[1]))
            spark.read.csv(os.path.join(os.environ['BUCKET'], 'x.csv'))
            spark.read.csv(os.path.abspath('data/x.csv'))  # local-spark-path
            spark.read.parquet('dbfs:/mnt/x')  # databricks-path
            spark.read.parquet('abfss://c@a.dfs.core.windows.net/x')  # other-file-system
            open('/dbfs/mnt/x')  # databricks-path
            sc._jvm.org.apache.hadoop.fs.Path('data/x')  # relative-spark-path
            """, "conf/app.json", "{}");
    }

    @Test
    void aBranchThatGetsItsMasterFromTheCallerIsNotTheClusters() throws IOException {
        expect("""
            from pyspark.sql import SparkSession
            def start(master=None):
                if master:
                    b = SparkSession.builder.master(master).config('spark.driver.memory', '4g')
                else:
                    b = SparkSession.builder.config('spark.driver.cores', '4')  # late-spark-setting
                return b.getOrCreate()
            start()
            """);
    }

    @Test
    void whatOnlyLooksLikeAPathIsLeftAlone() throws IOException {
        expect(SESSION + """
            df = spark.read.option('sep', '~').option('quote', '~').csv('s3://b/x')
            DELIMITER = '~'
            'a~b'.split('~')
            spark.read.format('iceberg').load('db.events')
            spark.read.format('bigquery').option('a', 1).load('p.d.t')
            df.write.format('org.elasticsearch.spark.sql').save('index/type')
            df.write.save('db.t', format='iceberg')
            spark.readStream.format('kafka').option('subscribe', 't').load()
            spark.read.format('jdbc').options(url='jdbc:x').load()
            r = spark.read.format('com.mongodb.spark.sql.DefaultSource')
            r.load('db.c')
            xpath = '/root/row/item'
            tree.findall('/root/row')
            route('/home/index')
            route('/Users/{id}')
            spark.read.load('hdfs:/x', format='parquet')
            spark.read.load('wasbs:/x')  # other-file-system
            spark.read.csv('c:/tmp/x.csv')  # laptop-path
            spark.read.format('csv').load('data/x')  # relative-spark-path
            spark.read.format('delta').load('data/x')  # relative-spark-path
            spark.read.load('data/x')  # relative-spark-path
            open('/root/data/x.csv')  # laptop-path
            os.chdir('/home/me')  # laptop-path
            open(os.path.expanduser('~'))  # laptop-path
            def tree(): pass
            def route(x): pass
            import os
            """);
    }

    @Test
    void aLibraryThatIsCalledAsAPackageOfTheProjectIsNotTakenForIt() throws IOException {
        expect("""
            from store.readers import x  # import-not-in-project
            """, "etl/store/__init__.py", "", "etl/store/own.py", "");
    }

    @Test
    void aConfigurationThatOnlyOtherProgramsReadIsListedApart() throws IOException {
        List<Finding> findings = of(
                "main.py",
                "main.py",
                SESSION + "open('conf/app.conf')\n",
                "demo.py",
                "open('conf/demo.conf')\n",
                "conf/app.conf",
                "spark.master = spark://x:1\n",
                "conf/demo.conf",
                "spark.master = local[2]\n",
                "conf/named-by-nobody.conf",
                "spark.master = local[2]\n");
        assertThat(warnings(findings))
                .containsExactly("config-master conf/app.conf:1", "config-master conf/named-by-nobody.conf:1");
        assertThat(findings)
                .filteredOn(finding -> finding.code().equals("findings-of-other-files"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("conf/demo.conf:1 (config-master)"));
    }

    @Test
    void importsAreToldByWhereTheModuleIs() throws IOException {
        expect(
                """
                import app.core  # module-not-on-path
                import here.gone  # module-missing
                import here.there
                import Mixed  # import-in-other-case
                import urllib2  # python-2
                from awsglue.context import GlueContext  # glue-code
                import numpy  # import-not-in-project
                try:
                    import ujson as json
                except ImportError:
                    import json
                from typing import TYPE_CHECKING
                if TYPE_CHECKING:
                    import only_types
                GlueContext()
                """,
                "src/app/__init__.py",
                "",
                "src/app/core.py",
                "",
                "here/__init__.py",
                "",
                "here/there.py",
                "",
                "mixed.py",
                "");
        assertThat(of(
                        "src/app/cli.py",
                        "pyproject.toml",
                        "",
                        "src/app/__init__.py",
                        "",
                        "src/app/cli.py",
                        SESSION + "import app.core\n",
                        "src/app/core.py",
                        ""))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.isWarning()).isTrue();
                    assertThat(finding.what()).contains("src/app");
                    assertThat(finding.wayOut()).contains("pythonPath=src");
                });
    }

    @Test
    void foldersThatASourcePutsOnThePathAreOnIt() throws IOException {
        for (String line : List.of(
                "sys.path.insert(0, 'src')",
                "sys.path.append(os.path.join(os.path.dirname(__file__), '..', 'src'))",
                "sys.path.insert(0, str(Path(__file__).parent.parent / 'src'))",
                "sys.path[0:0] = ['src']")) {
            assertThat(warnings(of(
                            "jobs/run.py",
                            "jobs/run.py",
                            SESSION + "import os, sys\nfrom pathlib import Path\n" + line + "\nimport app\n",
                            "src/app/__init__.py",
                            "")))
                    .as(line)
                    .isEmpty();
        }
    }

    @Test
    void aModuleThatHidesALibraryIsFoundOnThePathAlone() throws IOException {
        List<Finding> findings = of(
                "jobs/run.py",
                "jobs/run.py",
                SESSION,
                "jobs/types.py",
                "",
                "random.py",
                "",
                "pyspark.py",
                "",
                "numpy.py",
                "",
                "json/__init__.py",
                "",
                "logging/notes.py",
                "",
                "test/__init__.py",
                "",
                "app/calendar.py",
                "",
                "time.py",
                "");

        assertThat(findings.stream()
                        .filter(finding -> finding.code().equals("module-hides-library"))
                        .map(Finding::file))
                .containsExactlyInAnyOrder("jobs/types.py", "random.py", "pyspark.py", "numpy.py", "json/__init__.py");
    }

    @Test
    void whatNeedsANewerPythonThanTheClustersIsFound() throws IOException {
        expect(SESSION + """
            import tomllib  # newer-python
            from typing import Optional, Self  # newer-python
            def f(x: int | None): pass  # newer-python
            def g(x: list[int]): pass
            match spark:  # newer-python
                case _: pass
            if (n := 3): pass
            list(zip([], [], strict=True))  # newer-python
            try:
                import zoneinfo, tomllib
            except ImportError:
                pass
            """);
        expect("from __future__ import annotations\n" + SESSION + "def f(x: int | None) -> 'int | str': pass\n");
        assertThat(warnings(of(
                        "main.py",
                        "main.py",
                        SESSION,
                        "pyproject.toml",
                        "[project]\nrequires-python = \">=3.10,<4\"\n",
                        "setup.cfg",
                        "[options]\npython_requires = >=3.8\n",
                        "Pipfile",
                        "[requires]\npython_version = \"3.12\"\n")))
                .containsExactly("newer-python Pipfile:2", "newer-python pyproject.toml:2");
    }

    @Test
    void codeOfOtherPlatformsIsNamed() throws IOException {
        expect("""
            # Databricks notebook source
            dbutils.widgets.text('a', 'b')  # databricks-code
            df = spark.table('x')  # undefined-spark
            display(df)  # notebook-code
            get_ipython().system('ls')  # notebook-code
            """);
        assertThat(warnings(of("main.py", "main.py", SESSION + "# MAGIC %run ./setup\n")))
                .containsExactly("databricks-code main.py:3");
        expect(SESSION + "def show(display, dbutils): display(dbutils)\n");
    }

    @Test
    void sourcesThatAreNotUtf8AreSaidToBeSo() throws IOException {
        assertThat(warnings(of(
                        "main.py",
                        "main.py",
                        SESSION + "import a, b, c\n",
                        "a.py",
                        "\u00ff\u00fex\0=\0001\0",
                        "b.py",
                        "x = '\u00e9'\n",
                        "c.py",
                        "# -*- coding: latin-1 -*-\nx = '\u00e9'\n")))
                .containsExactly("not-utf8 a.py:1", "not-utf8 b.py:1");
    }

    @Test
    void aFileThatIsStartedCannotImportFromItsPackage() throws IOException {
        String[] files = {"app/__init__.py", "", "app/core.py", "", "app/run.py", SESSION + "from .core import x\n"};

        assertThat(of("app/run.py", files)).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo("relative-import-in-entry");
            assertThat(finding.wayOut()).contains("-m app.run");
        });
        assertThat(of("-m app.run", files)).isEmpty();
    }

    @Test
    void configurationOfToolsAndOfLaptopsDoesNotCount() throws IOException {
        assertThat(warnings(of(
                        "main.py",
                        "main.py",
                        SESSION + "open('conf/app.conf')\n",
                        "docker-compose.yml",
                        "environment:\n  SPARK_MASTER_URL: spark://master:7077\n",
                        "tests/app.ini",
                        "master_url = local\n",
                        "conf/app.conf",
                        "[LOCAL]\nspark.master = local[3]\n[PROD]\nspark.master = spark://x:1\n")))
                .containsExactly("config-master conf/app.conf:4");
    }

    @Test
    void pointersOfGitLfsAreFoundAndNamesThatDifferInCaseAreTold() throws IOException {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 12345\n";
        Map<String, String> files = Projects.files(
                "main.py",
                "",
                "model/m.bin",
                pointer,
                "notes.txt",
                "version 1 of " + "x".repeat(200),
                "A.csv",
                "1",
                "a.csv",
                "2");
        files.remove("A.csv");
        try (ProjectArchive project = Projects.of(root, files)) {
            assertThat(LfsPointers.of(project)).singleElement().satisfies(finding -> {
                assertThat(finding.at()).isEqualTo("model/m.bin:1");
                assertThat(finding.isWarning()).isTrue();
                assertThat(finding.wayOut()).contains("git lfs pull");
            });
        }
    }

    @Test
    void filesThatLookLikeSecretsAreFoundByNameAndPrivateKeysByTheirContent() throws IOException {
        String certificate = "-----BEGIN CERTIFICATE-----\n" + "A".repeat(64) + "\n-----END CERTIFICATE-----\n";
        String key = certificate + "-----BEGIN OPENSSH PRIVATE KEY-----\n" + "A".repeat(64) + "\n";
        Map<String, String> files = Projects.files(
                "main.py",
                "HEADER = '-----BEGIN PRIVATE KEY-----'  # in the middle of a line this is no key, only its name\n",
                ".env",
                "A=1\n",
                ".env.example",
                "A=\n",
                "conf/aws/credentials",
                "[default]\n",
                "infra/terraform.tfstate",
                "{}",
                "keys/both.pem",
                key,
                "keys/ca.pem",
                certificate);
        try (ProjectArchive project = Projects.of(root, files)) {
            assertThat(SecretFiles.of(project))
                    .allMatch(Finding::isWarning)
                    .extracting(Finding::at)
                    .containsExactlyInAnyOrder(
                            ".env:1", "conf/aws/credentials:1", "infra/terraform.tfstate:1", "keys/both.pem:1");
        }
    }

    private static ProjectFile file(String path) {
        return new ProjectFile(path, 1, "ab".repeat(32), false);
    }

    @Test
    void manyModulesOfWheelsAndNamesOfAnyLanguageReachTheAnalyser() throws IOException {
        StringBuilder imports = new StringBuilder(SESSION);
        Map<String, String> files = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            imports.append("import a_module_with_a_long_name_%d\n".formatted(i));
            files.put("libs/a_module_with_a_long_name_%d.py".formatted(i), "");
        }
        files.put("main.py", imports.toString());
        String[] many = files.entrySet().stream()
                .flatMap(file -> Stream.of(file.getKey(), file.getValue()))
                .toArray(String[]::new);

        assertThat(of("main.py", List.of("libs"), many)).isEmpty();
        assertThat(warnings(of(
                        "m\u00e4in.py",
                        "m\u00e4in.py",
                        "# coding: latin-1\n" + SESSION + "spark.read.csv('x/\u00e9')\n")))
                .containsExactly("relative-spark-path m\u00e4in.py:4");
    }

    /** Of a single source whose lines name their findings in a comment. */
    private void expect(String source, String... others) throws IOException {
        Map<Integer, String> expected = new HashMap<>();
        String[] lines = source.split("\n");
        for (int i = 0; i < lines.length; i++) {
            int comment = lines[i].lastIndexOf("  # ");
            if (comment >= 0) {
                expected.put(i + 1, lines[i].substring(comment + 4));
            }
        }
        String[] files = new String[others.length + 2];
        System.arraycopy(others, 0, files, 2, others.length);
        files[0] = "main.py";
        files[1] = source;
        Map<Integer, String> found = new HashMap<>();
        for (Finding finding : of("main.py", files)) {
            if ("main.py".equals(finding.file())
                    && !finding.code().equals("no-spark-session")
                    && !finding.code().equals("entry-does-nothing")) {
                found.merge(
                        finding.line(), finding.code(), (one, other) -> one.equals(other) ? one : one + ", " + other);
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    private List<Finding> of(String entryPoint, String... files) throws IOException {
        return of(entryPoint, List.of(), files);
    }

    private List<Finding> of(String entryPoint, List<String> pythonPath, String... files) throws IOException {
        try (ProjectArchive project = Projects.of(root, Projects.files(files))) {
            return ANALYSIS.of(
                    project,
                    Projects.plan(entryPoint, Map.of(), pythonPath.toArray(String[]::new)),
                    DriverHost.CONTAINER_WITH_LATE_CONTEXT,
                    PYTHON,
                    InstalledPackages.NONE,
                    root);
        }
    }

    private static List<String> warnings(List<Finding> findings) {
        return findings.stream()
                .filter(Finding::isWarning)
                .map(finding -> finding.code() + " " + finding.at())
                .toList();
    }
}
