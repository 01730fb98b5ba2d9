package io.slipway.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterState;
import io.slipway.compute.LaunchPreviewContract;
import io.slipway.compute.LogStream;
import io.slipway.compute.RunExecutorContract;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunOutputContract;
import io.slipway.compute.RunStream;
import io.slipway.compute.StartResult;
import io.slipway.compute.Turns;
import io.slipway.jobs.Reason;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.project.ArtifactId;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real processes: what is claimed here is what the operating system does. */
class LocalComputeTest implements RunExecutorContract, RunOutputContract, LaunchPreviewContract {

    @TempDir
    private Path home;

    @AutoClose
    private LocalMachine machine;

    private LocalCompute compute;

    @BeforeEach
    void startTheService() {
        machine = new LocalMachine(home);
        compute = machine.service();
    }

    @Override
    public Cluster compute() {
        return compute;
    }

    @Override
    public RunOrder orderThatSucceeds() {
        return machine.script("print('" + PRINTED + "')");
    }

    @Override
    public RunOrder orderThatFails() {
        return machine.script("raise SystemExit(3)");
    }

    @Override
    public RunOrder orderThatRunsLong() {
        return machine.script("import time", "time.sleep(600)");
    }

    @Override
    public void letItGoOn() {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }

    @Override
    public int starts(String submissionKey) {
        Path run = machine.runs().resolve(submissionKey);
        if (!Files.exists(run.resolve("started"))) {
            return 0;
        }
        return await().until(() -> spawned(run), times -> times > 0);
    }

    @Test
    void aFailureTellsTheExitStatus() {
        RunReport end = followToItsEnd(accepted(orderThatFails()));

        assertThat(end.exitStatus()).isEqualTo(3);
        assertThat(end.reason().code()).isEqualTo(Reason.Code.RUN_FAILED);
        assertThat(end.reason().message()).contains("exited with status 3");
    }

    @Test
    void aFailureTellsTheSignal() {
        RunOrder order = machine.script("import os, signal", "os.kill(os.getpid(), signal.SIGKILL)");

        RunReport end = followToItsEnd(accepted(order));

        assertThat(end.phase()).isEqualTo(Phase.FAILED);
        assertThat(end.exitStatus()).isNull();
        assertThat(end.reason().message()).contains("SIGKILL", "memory");
    }

    @Test
    void aProjectFindsItsFilesItsPackagesItsArgumentsAndItsExecuteBits() {
        RunOrder order = machine.order(
                Map.of(
                        "jobs/main.py",
                        "import os, sys\n"
                                + "from lib.greet import hello\n"
                                + "print(hello(), open('./conf/a.txt').read(), os.access('run.sh', os.X_OK),"
                                + " sys.argv[1:])\n",
                        "lib/__init__.py",
                        "",
                        "lib/greet.py",
                        "def hello():\n    return 'hello'\n",
                        "conf/a.txt",
                        "from a file",
                        "run.sh",
                        "#!/bin/sh\n"),
                "jobs/main.py",
                "a b",
                "$HOME; `id`",
                "",
                "ünï");

        RunRef run = accepted(order);

        assertThat(followToItsEnd(run).phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(stdout(run)).isEqualTo("hello from a file True ['a b', '$HOME; `id`', '', 'ünï']\n");
    }

    @Test
    void whatARunPrintsCanBeReadWhileItRuns() {
        RunRef run = accepted(machine.script("import time", "print('so far', end='')", "time.sleep(600)"));

        await().atMost(Duration.ofSeconds(30)).until(() -> stdout(run).equals("so far"));

        assertThat(look(run).phase()).isEqualTo(Phase.RUNNING);
        assertThat(look(run).startedAt()).isNotNull();
    }

    @Test
    void aRunSeesNothingOfTheServicesSecrets() throws IOException {
        machine.setVariable("AWS_SECRET_ACCESS_KEY", "s3cret");
        machine.setVariable("SPRING_DATASOURCE_PASSWORD", "s3cret");
        machine.setVariable("LC_TIME", "C");
        machine.setVariable("PASSED", "as configured");
        compute = machine.service(
                new LocalSettings("python3", List.of("PASSED"), Duration.ofSeconds(1), Duration.ofSeconds(30)));
        ArtifactId project =
                machine.store(Map.of("main.py", "import os\nfor item in os.environ.items(): print('%s=%s' % item)\n"));
        RunOrder order = machine.order(
                new LaunchPlan(project, "main.py", List.of(), Map.of(), Map.of("OF_THE_JOB", "it's \"quoted\"")));

        RunRef run = accepted(order);
        followToItsEnd(run);

        assertThat(stdout(run).lines())
                .contains("OF_THE_JOB=it's \"quoted\"", "LC_TIME=C", "PASSED=as configured")
                .contains("HOME=" + machine.run(order).resolve("home"))
                .noneMatch(line -> line.contains("s3cret"));
        assertThat(Files.readString(machine.run(order).resolve("supervisor.log")))
                .doesNotContain("quoted");
        // The supervisor says how the run ended before it clears away.
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            try (var files = Files.list(machine.run(order))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .noneMatch(name -> name.startsWith("order-") || name.equals("home"));
            }
        });
    }

    @Test
    void aRunsFolderIsClosedToOthers() throws IOException {
        RunOrder order = orderThatSucceeds();
        followToItsEnd(accepted(order));

        assertThat(Files.getPosixFilePermissions(machine.run(order)))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(machine.run(order).resolve("stdout")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void theProjectsFilesGoWhenItEndsAndWhatItPrintedStays() {
        RunOrder order = orderThatSucceeds();
        RunRef run = accepted(order);
        followToItsEnd(run);

        await().atMost(Duration.ofSeconds(30)).until(() -> !isSupervised(run));

        assertThat(machine.run(order).resolve("project")).doesNotExist();
        assertThat(stdout(run)).contains(PRINTED);
    }

    @Test
    void aServiceThatWasRestartedFindsRunningAndEndedRuns() {
        RunOrder running = orderThatRunsLong();
        RunOrder failed = orderThatFails();
        Turns.start(compute, List.of(running, failed));
        followToItsEnd(failed.run());
        waitFor(running.run(), EnumSet.of(Phase.RUNNING));

        compute = machine.service();

        assertThat(look(failed.run()).exitStatus()).isEqualTo(3);
        assertThat(look(running.run()).phase()).isEqualTo(Phase.RUNNING);
        compute.executor().cancel(List.of(running.run()));
        assertThat(followToItsEnd(running.run()).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aCancelEndsAProjectThatIgnoresItTogetherWithItsChildren() throws IOException {
        RunOrder order = machine.order(
                Map.of(
                        "main.py",
                        String.join(
                                "\n",
                                "import os, signal, subprocess, sys, time",
                                "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
                                "same = subprocess.Popen([sys.executable, 'child.py'])",
                                "own = subprocess.Popen([sys.executable, 'child.py'], start_new_session=True)",
                                "print(os.getpid(), same.pid, own.pid, flush=True)",
                                "time.sleep(600)"),
                        "child.py",
                        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)\n"),
                "main.py");
        RunRef run = accepted(order);
        List<Long> processes = processesIn(run, 3);

        compute.executor().cancel(List.of(run));
        RunReport end = followToItsEnd(run);

        assertThat(end.phase()).isEqualTo(Phase.CANCELLED);
        assertThat(processes).noneMatch(LocalComputeTest::isAlive);
    }

    @Test
    void aProjectThatIsCancelledMayTidyUp() {
        RunOrder order = machine.script(
                "import signal, sys, time",
                "def bye(*_):",
                "    print('tidied up')",
                "    sys.exit(0)",
                "signal.signal(signal.SIGTERM, bye)",
                "print('ready')",
                "time.sleep(600)");
        RunRef run = accepted(order);
        await().atMost(Duration.ofSeconds(30)).until(() -> stdout(run).contains("ready"));

        compute.executor().cancel(List.of(run));

        assertThat(followToItsEnd(run).phase()).isEqualTo(Phase.CANCELLED);
        assertThat(stdout(run)).contains("tidied up");
    }

    @Test
    void whatAProjectLeavesRunningEndsWithIt() {
        RunRef run = accepted(machine.script(
                "import subprocess", "print(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)"));
        List<Long> left = processesIn(run, 1);

        assertThat(followToItsEnd(run).phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(left).noneMatch(LocalComputeTest::isAlive);
    }

    @Test
    void aRunWhoseSupervisorIsKilledIsLostAndNothingOfItGoesOn() throws IOException {
        RunOrder order = machine.script(
                "import os, subprocess, time",
                "print(os.getpid(), subprocess.Popen(['sleep', '600']).pid)",
                "time.sleep(600)");
        RunRef run = accepted(order);
        List<Long> processes = processesIn(run, 2);

        ProcessHandle.of(Long.parseLong(run.remoteId())).orElseThrow().destroyForcibly();
        RunReport end = followToItsEnd(run);

        assertThat(end.phase()).isEqualTo(Phase.FAILED);
        assertThat(end.reason().code()).isEqualTo(Reason.Code.LOST);
        assertThat(processes).noneMatch(LocalComputeTest::isAlive);
        assertThat(look(run))
                .usingRecursiveComparison()
                .ignoringFields("lookedFrom")
                .isEqualTo(end);
        assertThat(Turns.start(compute, List.of(order))).singleElement().isInstanceOf(StartResult.Accepted.class);
        assertThat(starts(run.submissionKey().value())).isEqualTo(1);
    }

    @Test
    void theSupervisorIsNoChildOfTheService() {
        RunRef run = accepted(orderThatRunsLong());

        assertThat(ProcessHandle.current().descendants())
                .noneMatch(process -> Long.toString(process.pid()).equals(run.remoteId()));
    }

    @Test
    void startsAtTheSameTimeMakeOneRun() throws Exception {
        RunOrder order = orderThatRunsLong();
        ExecutorService services = Executors.newFixedThreadPool(4);
        Callable<List<StartResult>> start = () -> Turns.start(machine.service(), List.of(order));

        List<StartResult> results = new ArrayList<>();
        for (Future<List<StartResult>> answer : services.invokeAll(List.of(start, start, start, start))) {
            results.addAll(answer.get());
        }
        services.shutdown();
        waitFor(order.run(), EnumSet.of(Phase.RUNNING));

        assertThat(results).allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Accepted.class));
        assertThat(starts(order.run().submissionKey().value())).isEqualTo(1);
    }

    @Test
    void aStartThatWasInterruptedIsFinishedByTheNext() throws IOException {
        RunOrder order = orderThatSucceeds();
        Path halfUnpacked = machine.run(order).resolve("unpacked-123/project");
        Files.createDirectories(halfUnpacked);
        Files.writeString(halfUnpacked.resolve("main.py"), "raise SystemExit('half');");
        Files.writeString(machine.run(order).resolve("order-123.json"), "{");
        assertThat(look(order.run()).phase()).isEqualTo(Phase.ABSENT);

        RunRef run = accepted(order);

        assertThat(followToItsEnd(run).phase()).isEqualTo(Phase.SUCCEEDED);
        await().atMost(Duration.ofSeconds(30)).until(() -> !isSupervised(run));
        assertThat(halfUnpacked).doesNotExist();
        assertThat(machine.run(order).resolve("order-123.json")).doesNotExist();
    }

    @Test
    void aCancelThatCameBeforeTheStartIsObeyed() throws IOException {
        RunOrder order = orderThatRunsLong();
        Files.createDirectories(machine.run(order));
        compute.executor().cancel(List.of(order.run()));

        accepted(order);

        assertThat(followToItsEnd(order.run()).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aProjectThatIsNotInTheStoreIsRejected() {
        LaunchPlan plan = new LaunchPlan(new ArtifactId("0".repeat(64)), "main.py", List.of(), Map.of(), Map.of());

        StartResult result = Turns.start(compute, List.of(machine.order(plan))).get(0);

        assertThat(reasonOf(result).code()).isEqualTo(Reason.Code.START_FAILED);
        assertThat(reasonOf(result).message()).contains("artifact store");
    }

    @Test
    void aProjectThatReachesOutOfItsFolderIsRejected() {
        RunOrder order = machine.order(Map.of("main.py", "", "../../escaped.py", ""), "main.py");

        StartResult result = Turns.start(compute, List.of(order)).get(0);

        assertThat(reasonOf(result).message()).contains("../../escaped.py");
        assertThat(machine.runs().resolve("escaped.py")).doesNotExist();
        assertThat(look(order.run()).phase()).isEqualTo(Phase.ABSENT);
    }

    @Test
    void aLinkWithinTheProjectIsKept() {
        RunOrder order = machine.order(
                Map.of("main.py", "print(open('a/b.link').read())\n", "a/b.link", "../c.txt", "c.txt", "linked"),
                "main.py");

        RunRef run = accepted(order);

        assertThat(followToItsEnd(run).phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(stdout(run)).isEqualTo("linked\n");
    }

    @Test
    void aLinkOutOfTheProjectIsRejected() {
        RunOrder order = machine.order(Map.of("main.py", "", "a/b.link", "../../c.txt"), "main.py");

        assertThat(reasonOf(Turns.start(compute, List.of(order)).get(0)).message())
                .contains("a/b.link");
    }

    @Test
    void withoutPythonNothingStartsAndTheSettingIsNamed() {
        LocalCompute without = machine.service(
                new LocalSettings("no-such-python", List.of(), Duration.ofSeconds(1), Duration.ofSeconds(30)));

        StartResult result =
                Turns.start(without, List.of(machine.script("print()"))).get(0);

        assertThat(reasonOf(result).message()).contains("no-such-python", "slipway.compute.local.python");
        assertThat(without.health().state()).isEqualTo(ClusterState.UNAVAILABLE);
    }

    @Test
    void anInterpreterThatCannotRunTheSupervisorIsNamedWithItsWords() throws IOException {
        Path broken = machine.program("python3", "#!/bin/sh", "echo 'this is no snake' >&2", "exit 1");
        LocalCompute with = machine.service(
                new LocalSettings(broken.toString(), List.of(), Duration.ofSeconds(1), Duration.ofSeconds(30)));

        StartResult result =
                Turns.start(with, List.of(machine.script("print()"))).get(0);

        assertThat(reasonOf(result).message()).contains(broken.toString(), "this is no snake");
    }

    @Test
    void aDiskThatCannotBeWrittenIsNotTheRunsEnd() throws IOException {
        RunOrder order = machine.script("print()");
        Files.createDirectories(machine.runs());
        Files.writeString(machine.run(order), "a file where the folder should be");

        StartResult result = Turns.start(compute, List.of(order)).get(0);

        assertThat(result).isInstanceOf(StartResult.NotNow.class);
    }

    @Test
    void forgetsARunThatHasEndedWithAllItKeptAndNoneThatStillRuns() {
        RunRef live = accepted(orderThatRunsLong());
        assertThat(compute.output().forget(live)).isFalse();
        assertThat(machine.runs().resolve(live.submissionKey().value())).exists();
        compute.executor().cancel(List.of(live));
        followToItsEnd(live);
        await().atMost(Duration.ofSeconds(30)).until(() -> compute.output().forget(live));
        assertThat(machine.runs().resolve(live.submissionKey().value())).doesNotExist();
        assertThat(compute.output().forget(live)).as("it may be repeated").isTrue();
        assertThat(compute.output().forget(machine.script("print()").run()))
                .as("never started")
                .isTrue();
    }

    private String stdout(RunRef run) {
        RunStream stream = compute
                .output()
                .streams(
                        new RunOrder(
                                run,
                                "a job",
                                new LaunchPlan(
                                        new ArtifactId("ab".repeat(32)), "main.py", List.of(), Map.of(), Map.of())),
                        null)
                .stream()
                .filter(each -> each.id().equals(LogStream.STDOUT))
                .findFirst()
                .orElseThrow();
        return read(stream, 0);
    }

    private List<Long> processesIn(RunRef run, int count) {
        String line = await().atMost(Duration.ofSeconds(30)).until(() -> stdout(run), text -> text.endsWith("\n"));
        List<Long> processes =
                List.of(line.strip().split(" ")).stream().map(Long::valueOf).toList();
        assertThat(processes).hasSize(count);
        return processes;
    }

    /** A zombie that waits for its parent's look is as dead as one that is gone. */
    private static boolean isAlive(long pid) {
        try {
            Path stat = Path.of("/proc/" + pid + "/stat");
            return Files.exists(Path.of("/proc/self/stat"))
                    ? Files.exists(stat) && !Files.readString(stat).contains(") Z ")
                    : ProcessHandle.of(pid).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isSupervised(RunRef run) {
        try {
            return RunFolder.of(machine.runs(), run.submissionKey()).isSupervised();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int spawned(Path run) throws IOException {
        return (int) Files.readAllLines(run.resolve("supervisor.log")).stream()
                .filter(line -> line.contains("Started the project"))
                .count();
    }

    private static Reason reasonOf(StartResult result) {
        assertThat(result).isInstanceOf(StartResult.Rejected.class);
        return ((StartResult.Rejected) result).reason();
    }
}
