package io.slipway.compute.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.compute.DriverJvm;
import io.slipway.compute.RunExecutor.Calls;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunProgress;
import io.slipway.compute.Turns;
import io.slipway.jobs.RunReport.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far Spark is with a run of this machine: a spark-submit that gives its gateway to a Python, as Spark's own does. */
class LocalProgressTest {

    @TempDir
    private Path home;

    @AutoClose
    private LocalMachine machine;

    private LocalCompute compute;
    private DriverJvm jvm;

    @BeforeEach
    void start() throws IOException {
        jvm = DriverJvm.start(home.resolve("jvm"));
        machine = new LocalMachine(home);
        String address = jvm.environment().entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(" "));
        machine.program("bin/spark-submit", "#!/bin/sh", "for last; do :; done", address + " python3 $last", "exit $?");
        compute = machine.service();
    }

    @AfterEach
    void stop() {
        jvm.close();
    }

    @Test
    void isToldWhileTheProgramRunsAndEndsWithIt() throws Exception {
        jvm.isLocal();
        RunOrder run =
                run("import os, time", "while not os.path.exists('end'): time.sleep(0.1)", "raise SystemExit(3)");
        jvm.hasSparkContext(machine.run(run).resolve("project/jobs/app.py"));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> compute.signs().progress(run, true).isPresent());
        RunProgress told = compute.signs().progress(run, false).orElseThrow();
        assertThat(told.stages()).extracting(RunProgress.Stage::name).containsExactly("count at jobs/app.py:10");
        assertThat(told.executors()).isNull();
        assertThat(told.tasksPerSecond()).isNull();

        Files.createFile(machine.run(run).resolve("project/end"));
        await().atMost(Duration.ofSeconds(20)).until(() -> report(run).equals(Phase.FAILED));
        assertThat(leftOf(run)).as("processes of the run").isEmpty();
    }

    @Test
    void aJvmThatAnswersNobodyIsNoMatterToTheRun() throws Exception {
        jvm.freeze();
        try {
            RunOrder run = run("import time", "time.sleep(3)", "print('done')");

            await().atMost(Duration.ofSeconds(20)).until(() -> report(run).equals(Phase.SUCCEEDED));
            assertThat(compute.signs().progress(run, true)).isEmpty();
            assertThat(leftOf(run)).isEmpty();
        } finally {
            jvm.thaw();
        }
    }

    /** The folder is the run's own, and what lies there is its word. */
    @Test
    void whatIsNoProgressIsNotShown() throws Exception {
        RunOrder run = run("import time", "time.sleep(30)");
        Path file = machine.run(run).resolve("progress.json");
        Files.createSymbolicLink(file, Files.writeString(home.resolve("secret"), "{\"executors\": 7}"));
        assertThat(compute.signs().progress(run, true)).isEmpty();

        Files.delete(file);
        Files.write(file, "x".repeat(70_000).getBytes(UTF_8));
        assertThat(compute.signs().progress(run, true)).isEmpty();
        Files.writeString(file, "[1]");
        assertThat(compute.signs().progress(run, true)).isEmpty();
        Files.writeString(file, "{\"executors\": 7}");
        assertThat(compute.signs().progress(run, true))
                .hasValueSatisfying(told -> assertThat(told.executors()).isEqualTo(7));
        compute.executor().cancel(List.of(run.run()));
        await().atMost(Duration.ofSeconds(20)).until(() -> report(run).equals(Phase.CANCELLED));
    }

    private RunOrder run(String... lines) {
        RunOrder run = machine.script(lines);
        Turns.start(compute, List.of(run));
        return run;
    }

    private Phase report(RunOrder run) {
        return compute.executor()
                .lookAt(List.of(run.run()), Calls.TOGETHER)
                .get(0)
                .phase();
    }

    private List<String> leftOf(RunOrder run) {
        String folder = machine.run(run).toString();
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains(folder) && command.contains("progress.zip"))
                .toList();
    }
}
