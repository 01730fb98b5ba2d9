package io.slipway.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.slipway.compute.ClusterState;
import io.slipway.compute.LogStream;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunStream;
import io.slipway.compute.StartResult;
import io.slipway.compute.Turns;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.project.ArtifactId;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which program starts a project, and with which words. Spark itself is a stub here: a script that writes down how it was called. */
class LocalLauncherTest {

    private static final String[] STUB = {
        "#!/bin/sh",
        "for word in \"$@\"; do printf '[%s]\\n' \"$word\"; done",
        "printf 'home [%s]\\n' \"$SPARK_HOME\"",
        "pwd"
    };

    @TempDir
    private Path home;

    @AutoClose
    private LocalMachine machine;

    @BeforeEach
    void prepareTheMachine() {
        machine = new LocalMachine(home);
    }

    @Test
    void sparkSubmitOfSparkHomeGetsTheExactWords() throws IOException {
        machine.program("spark/bin/spark-submit", STUB);
        machine.setVariable("SPARK_HOME", home.resolve("programs/spark").toString());
        RunOrder order = sparkOrder();

        String note = start(order);

        assertThat(note)
                .isEqualTo(
                        "Started with " + home.resolve("programs/spark/bin/spark-submit") + ", found by SPARK_HOME.");
        assertThat(printedBy(order))
                .containsExactly(
                        "[--name]",
                        "[a job]",
                        "[--conf]",
                        "[spark.sql.shuffle.partitions=4]",
                        "[--conf]",
                        "[spark.driver.extraJavaOptions=-Da=1 -Db='$(id)']",
                        "[jobs/main.py]",
                        "[first one]",
                        "[--second]",
                        "[]",
                        "home [" + home.resolve("programs/spark") + "]",
                        machine.run(order).toRealPath().resolve("project").toString());
    }

    @Test
    void whatSparkWritesToStderrIsItsOwnLogAndNotTheProgramsStream() throws IOException {
        machine.program("bin/spark-submit", STUB);
        LocalCompute compute = machine.service();
        RunOrder bySpark = sparkOrder();
        assertThat(compute.output().expectedLogs(bySpark, null).mayCome(LogStream.SPARK))
                .as("not known before the start")
                .isTrue();

        start(bySpark);

        assertThat(compute.output().streams(bySpark, null))
                .extracting(RunStream::id, RunStream::note)
                .containsExactly(tuple(LogStream.STDOUT, RunStream.HOLDS_BOTH), tuple(LogStream.SPARK, null));
        assertThat(compute.output().expectedLogs(bySpark, null).whyNever(LogStream.STDERR))
                .hasValueSatisfying(why -> assertThat(why).contains("Spark joins"));
    }

    @Test
    void withoutSparkTheProgramsStreamsAreApart() {
        LocalCompute compute = machine.service();
        RunOrder byPython = machine.script("print()");

        start(byPython);

        assertThat(compute.output().streams(byPython, null))
                .extracting(RunStream::id, RunStream::note)
                .containsExactly(tuple(LogStream.STDOUT, null), tuple(LogStream.STDERR, null));
    }

    @Test
    void sparkSubmitIsFoundOnThePath() throws IOException {
        Path stub = machine.program("bin/spark-submit", STUB);
        assertThat(start(sparkOrder())).isEqualTo("Started with " + stub + ", found by PATH.");
    }

    @Test
    void sparkSubmitOfPipIsFoundByAskingPython() throws IOException {
        Path stub = machine.program("site/pyspark/bin/spark-submit", STUB);
        Files.writeString(stub.getParent().resolveSibling("__init__.py"), "raise SystemExit('never imported')\n");
        machine.setVariable("PYTHONPATH", home.resolve("programs/site").toString());
        RunOrder order = sparkOrder();

        String note = start(order);

        assertThat(note).isEqualTo("Started with " + stub + ", found by pyspark.");
        assertThat(printedBy(order)).contains("home [" + home.resolve("programs/site/pyspark") + "]");
    }

    @Test
    void aSparkSubmitThatCannotBeRunIsNone() throws IOException {
        Path stub = machine.program("spark/bin/spark-submit", STUB);
        Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rw-------"));
        machine.setVariable("SPARK_HOME", home.resolve("programs/spark").toString());

        assertThat(start(machine.script("print()"))).contains(": no spark-submit was found");
    }

    @Test
    void withoutSparkItIsPythonAndTheHistorySaysSo() {
        LocalCompute compute = machine.service();
        StartResult.Accepted accepted = (StartResult.Accepted)
                Turns.start(compute, List.of(machine.script("print()"))).get(0);

        assertThat(accepted.note())
                .matches("Started with /.*python[0-9.]*: no spark-submit was found \\(SPARK_HOME, PATH, pyspark\\)\\.");
        assertThat(compute.health().state()).isEqualTo(ClusterState.READY);
        assertThat(compute.health().message()).contains(": no spark-submit was found");
    }

    @Test
    void anEntryPointIsNeverTakenForAnOption() throws IOException {
        RunOrder order = machine.order(Map.of("-c.py", "print('it ran')\n"), "-c.py");
        start(order);

        assertThat(printedBy(order)).containsExactly("it ran");
    }

    private RunOrder sparkOrder() {
        Map<String, String> conf = new LinkedHashMap<>();
        conf.put("spark.sql.shuffle.partitions", "4");
        conf.put("spark.driver.extraJavaOptions", "-Da=1 -Db='$(id)'");
        ArtifactId project = machine.store(Map.of("jobs/main.py", ""));
        return machine.order(
                new LaunchPlan(project, "jobs/main.py", List.of("first one", "--second", ""), conf, Map.of()));
    }

    private String start(RunOrder order) {
        StartResult result = Turns.start(machine.service(), List.of(order)).get(0);
        assertThat(result).isInstanceOf(StartResult.Accepted.class);
        awaitEnd(order);
        return ((StartResult.Accepted) result).note();
    }

    private List<String> printedBy(RunOrder order) throws IOException {
        return Files.readAllLines(machine.run(order).resolve("stdout"));
    }

    private void awaitEnd(RunOrder order) {
        LocalCompute compute = machine.service();
        RunReport end = await().atMost(Duration.ofSeconds(30))
                .until(() -> Turns.observe(compute, List.of(order.run())).get(0), report -> report.endedAt() != null);
        assertThat(end.phase()).isEqualTo(Phase.SUCCEEDED);
        await().until(() -> !new RunFolder(machine.run(order)).isSupervised());
    }
}
