package io.slipway.compute.emr.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.compute.emr.launch.Scripts.Ended;
import io.slipway.project.Launch.Mode;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher does with Spark's context on YARN: one at the end where there was none, and the project's files for the one there is. */
class LateContextTest {

    private static final String LATE = "late yarn spark.dynamicAllocation.enabled=false spark.eventLog.enabled=false"
            + " spark.executor.instances=0 spark.ui.enabled=false";

    @TempDir
    private Path root;

    private Path project;
    private Path container;
    private Scripts scripts;
    private FakeDriver driver;

    @BeforeEach
    void arrange() throws IOException {
        scripts = new Scripts(Files.createDirectory(root.resolve("outputs")));
        project = Files.createDirectories(root.resolve("filecache/10/project_ab.zip"));
        container = Files.createDirectories(root.resolve("appcache/container_1_0001_01_000001"));
        Files.write(container.resolve("launcher.py"), NodeProgram.launcher().content());
        Files.createSymbolicLink(container.resolve(StepArguments.ALIAS), project);
        driver = FakeDriver.install(root.resolve("spark"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pass",
                "import sys; sys.exit()",
                "import sys; sys.exit(0)",
                "import os, sys; os.fork() or sys.exit(0); os.wait()",
                "import os; os.environ.clear(); os.environ['PYSPARK_GATEWAY_PORT'] = '2'",
                "import sys; sys.path.clear(); sys.stdout.close()",
                "import atexit, sys; atexit.register(lambda: sys.exit(3))"
            })
    void aProgramThatEndsWellWithoutASparkContextGetsOneWithoutExecutors(String program) throws Exception {
        Ended run = launch("print(1, flush=True)\n" + program + "\n");

        assertThat(run.out()).isEqualTo("1\n");
        assertThat(run.err()).doesNotContain("noise");
        assertThat(run.status()).isZero();
        assertThat(driver.log()).containsExactly(LATE);
    }

    @Test
    void theLateContextIsMadeAfterTheProjectsThreadsAndExitHandlers() throws Exception {
        Ended run = launch("""
                import atexit, threading, time
                from pyspark import jvm
                def late():
                    time.sleep(0.3)
                    jvm.note('thread')
                atexit.register(lambda: jvm.note('handler'))
                threading.Thread(target=late).start()
                jvm.note('last line')
                """);

        assertThat(run.status()).isZero();
        assertThat(driver.log()).containsExactly("last line", "thread", "handler", LATE);
    }

    @Test
    void anActiveLocalContextIsStoppedBeforeTheLateOne() throws Exception {
        assertThat(launch("from pyspark import SparkContext\nSparkContext('local[*]')\n")
                        .status())
                .isZero();

        assertThat(driver.log()).containsExactly("python local[*]", "stopped", LATE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from pyspark import SparkContext; SparkContext().stop() | 0 | python yarn",
                "from pyspark import SparkContext; SparkContext() | 0 | python yarn",
                "from pyspark import jvm; jvm.activate('yarn') | 0 |",
                "import sys; sys.exit(3) | 3 |",
                "import sys; sys.exit('no rows') | 1 |",
                "raise ValueError() | 1 |",
                "from pyspark import SparkContext; SparkContext('local'); 1 / 0 | 1 | python local",
                "import os; os._exit(0) | 0 |"
            })
    void noContextIsAddedWhereThereWasOneOrTheProgramFailed(String program, int status, String log) throws Exception {
        assertThat(launch(program + "\n").status()).isEqualTo(status);

        assertThat(driver.log()).isEqualTo(log == null ? List.of() : List.of(log));
    }

    @Test
    void aClusterCanDoWithoutLateContexts() throws Exception {
        JobRules off = new JobRules(
                Map.of(), List.of(), Set.of(Mode.CLUSTER), null, List.of(), JobRules.DEFAULT.container(), false, true);

        assertThat(launch("print(1)\n", off, driver.environment()).lines()).containsExactly("1");

        assertThat(driver.log()).isEmpty();
    }

    @Test
    void aLateContextThatCannotBeMadeChangesNothing() throws Exception {
        assertThat(launch("print(1)\n", JobRules.DEFAULT, Map.of("PYSPARK_GATEWAY_PORT", "1"))
                        .lines())
                .containsExactly("1");
    }

    @Test
    void filesOfTheProjectAreAddedToSparkByRelativePaths() throws Exception {
        Files.createDirectories(project.resolve("data"));
        Files.writeString(project.resolve("data/source.ini"), "x");
        Files.writeString(project.resolve("data/source.py"), "");

        Ended run = launch("""
                import os
                from pyspark import SparkContext
                os.chdir('data')
                sc = SparkContext()
                sc.addFile('data/source.ini')
                sc.addFile('s3://b/data', recursive=True)
                sc.addPyFile('./data/source.py')
                sc.addArchive('data/source.ini#alias')
                for path in ('s3://b/x', 'hdfs:///x', 'nothing.txt', '/etc/passwd'):
                    sc.addFile(path)
                print(SparkContext.addFile.__name__, SparkContext.__module__)
                """);

        assertThat(run.lines()).containsExactly("addFile pyspark.context");
        String work = container.toRealPath().resolve("slipway-work").toString();
        assertThat(driver.log())
                .containsExactly(
                        "python yarn",
                        "addFile " + work + "/data/source.ini False",
                        "addFile s3://b/data True",
                        "addFile " + work + "/data/source.py False",
                        "addFile " + work + "/data/source.ini#alias False",
                        "addFile s3://b/x False",
                        "addFile hdfs:///x False",
                        "addFile nothing.txt False",
                        "addFile /etc/passwd False");
    }

    /** What the launcher puts round Spark's methods is no part of the project: its author would look there for the fault. */
    @Test
    void tracebacksLeadFromTheProjectToSparkWithoutTheLauncher() throws Exception {
        Files.createDirectories(project.resolve("data"));
        Files.writeString(project.resolve("data/source.ini"), "x");
        Ended run = launch("""
                import traceback
                from pyspark import SparkContext
                try:
                    SparkContext('nowhere')
                except ValueError:
                    traceback.print_exc()
                SparkContext().addFile('data', recursive=True)
                """);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "  File \"project.py\", line 4, in <module>\n",
                        "  File \"project.py\", line 7, in <module>\n",
                        "pyspark/context.py\", line ",
                        "in __init__\n",
                        "in addFile\n")
                .doesNotContain("launcher", "init(context", "add(context");
    }

    private Ended launch(String program) throws Exception {
        return launch(program, JobRules.DEFAULT, driver.environment());
    }

    private Ended launch(String program, JobRules rules, Map<String, String> ofYarn) throws Exception {
        Files.writeString(project.resolve("project.py"), program);
        LaunchPlan plan =
                new LaunchPlan(MemoryArtifacts.PROJECT, "project.py", List.of(), Map.of(), Map.of("STAGE", "test"));
        Files.write(container.resolve("launch.json"), StepArgumentsTest.launchFile(plan, rules));
        return scripts.run(container, ofYarn, List.of("python3", "launcher.py", StepArguments.ALIAS, "launch.json"));
    }
}
