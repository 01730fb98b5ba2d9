package io.slipway.compute.emr.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.compute.DriverJvm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The launcher and its live channel under the machine's python3, below a process called {@code java} that has the container's files open
 * as its output, as on YARN, beside a JVM with py4j's own gateway.
 */
class LiveChannelTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The project's process may wait 2 s for the channel; the rest is for starting Pythons on a busy machine. */
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    @TempDir
    private static Path shared;

    private static DriverJvm jvm;

    @TempDir
    private Path root;

    private Path project;
    private Path container;
    private Path out;
    private Path err;
    private Scripts scripts;
    private LiveObjects live;
    private Map<String, Object> results = Map.of();

    @BeforeAll
    static void start() throws IOException {
        jvm = DriverJvm.start(shared.resolve("jvm"));
    }

    @AfterAll
    static void stop() {
        jvm.close();
    }

    @BeforeEach
    void arrange() throws IOException {
        jvm.works();
        scripts = new Scripts(Files.createDirectory(root.resolve("outputs")));
        project = Files.createDirectories(root.resolve("filecache/10/project_ab.zip"));
        container = Files.createDirectories(root.resolve("appcache/container_1_0001_01_000001"));
        Files.write(container.resolve("launcher.py"), NodeProgram.launcher().content());
        Files.write(container.resolve("live.zip"), NodeProgram.live().content());
        Files.createSymbolicLink(container.resolve(StepArguments.ALIAS), project);
        Files.createSymbolicLink(root.resolve("java"), Path.of("/bin/bash"));
        out = root.resolve("stdout");
        err = root.resolve("stderr");
        live = new LiveObjects(root.resolve("live/01"));
    }

    /** The program does not wait for the process that shows it, and folders are deleted only when nobody writes there. */
    @AfterEach
    void endWhatStillShows() {
        await().atMost(20, TimeUnit.SECONDS)
                .until(() ->
                        ProcessHandle.allProcesses().filter(this::isHere).noneMatch(ProcessHandle::destroyForcibly));
    }

    private boolean isHere(ProcessHandle process) {
        try {
            return Path.of("/proc/" + process.pid() + "/cwd").toRealPath().startsWith(container.toRealPath());
        } catch (IOException ended) {
            return false;
        }
    }

    @Test
    void anImportThatFailsOnLineOneIsSeenAtOnce() throws Exception {
        assertThat(run("import not_there_at_all\n")).isEqualTo(1);

        awaitEnd();
        assertThat(live.stream("stderr")).isEqualTo(Files.readAllBytes(err));
        assertThat(new String(live.stream("stderr"), UTF_8)).contains("No module named 'not_there_at_all'");
        JsonNode ended = live.json("ended.json");
        assertThat(ended.path("exitCode").asInt()).isEqualTo(1);
        assertThat(ended.path("type").asString()).isEqualTo("ModuleNotFoundError");
        assertThat(ended.path("message").asString()).isEqualTo("No module named 'not_there_at_all'");
        assertThat(ended.path("traceback").asString())
                .contains("File \"project.py\", line 1")
                .doesNotContain("launcher");
        assertThat(ended.path("python").asString()).startsWith("3.");
        assertThat(Instant.parse(ended.path("endedAt").asString())).isBeforeOrEqualTo(Instant.now());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "print('é', flush=True) | 0 | 0",
                "import sys; print(1); sys.exit(3) | 3 | 3",
                "import sys; sys.exit('no rows') | 1 | 1",
                "import os; print(1, flush=True); os._exit(4) | 4 | 4",
                "import os, signal; print(1, flush=True); os.kill(os.getpid(), signal.SIGKILL) | 137 | 137",
                "import os, sys; os.fork() or sys.exit(5); print(os.wait()[1] >> 8) | 0 | 0",
                "import os; os.fork() or os._exit(0); print(os.waitpid(-1, 0)[1], flush=True); os.close(1) | 0 | 0",
                "import os, sys; sys.stdout.close(); sys.stderr.close(); os.close(0); open('x', 'w') | 0 | 0",
                "import os; os.closerange(3, 500); print([open('f%d' % n, 'w') for n in range(40)][0].name) | 0 | 0",
                "import multiprocessing as m; print(m.get_context('fork').Pool(2).map(abs, [-1, 2])) | 0 | 0",
                "import threading; print(threading.active_count(), flush=True) | 0 | 0",
                "import warnings, os; warnings.simplefilter('error'); os.fork() or os._exit(0); os.wait() | 0 | 0"
            })
    void howeverItEndsTheExitCodeIsTheProgramsOwn(String program, int status, Integer told) throws Exception {
        Instant began = Instant.now();
        assertThat(run(program + "\n")).isEqualTo(status);
        assertThat(Duration.between(began, Instant.now())).isLessThan(LONGEST_END);

        awaitEnd();
        assertThat(live.stream("stdout")).isEqualTo(Files.readAllBytes(out));
        assertThat(live.stream("stderr")).isEqualTo(Files.readAllBytes(err));
        for (JsonNode end : List.of(live.json("ended.json"), JSON.readTree(end().toFile()))) {
            JsonNode code = end.path("exitCode");
            assertThat(code.isNull() ? null : code.asInt()).isEqualTo(told);
        }
        assertThat(project.resolve("../../../slipway-work")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"import not_there_at_all, 1", "import os; os._exit(7), 7"})
    void theJvmStaysForAFirstAccessThatTakesLongerThanTheProgram(String program, int status) throws Exception {
        changeLive("LONGEST_SHUTDOWN = 2", "LONGEST_SHUTDOWN = 20");
        try (DriverJvm slow = DriverJvm.start(root.resolve("slow"))) {
            slow.fails("file-system 1 sleep 4000");
            Process run = start(program + "\n", slow.environment());
            assertThat(run.waitFor()).isEqualTo(status);

            assertThat(slow.endsWithin(Duration.ofSeconds(20)))
                    .as("all is shown")
                    .isTrue();
        }
        assertThat(JSON.readTree(end().toFile()).path("exitCode").asInt()).isEqualTo(status);
        assertThat(live.stream("stderr")).isEqualTo(Files.readAllBytes(err));
    }

    @Test
    void aProjectThatWaitsForAllItsChildrenHasNoneOfOurs() throws Exception {
        assertThat(run("""
            import os
            try:
                os.wait()
            except ChildProcessError:
                print('none')
            """)).isZero();

        assertThat(out).content().isEqualTo("none\n");
    }

    @Test
    void outputIsSeenWhileTheProgramRuns() throws Exception {
        Process run = start("print('first', flush=True)\nwhile True: pass\n", jvm.environment());

        await().atMost(20, TimeUnit.SECONDS).until(() -> new String(live.stream("stdout"), UTF_8).equals("first\n"));
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(root.resolve("live-ends/key.started")));

        killProgram(run);
        assertThat(run.waitFor()).isEqualTo(137);
        awaitEnd();
    }

    @Test
    void thousandsOfLinesASecondCostFewObjectsAndLoseNoByte() throws Exception {
        assertThat(run("for n in range(200000): print('line', n)\n")).isZero();

        awaitEnd();
        await().untilAsserted(() -> assertThat(live.stream("stdout")).isEqualTo(Files.readAllBytes(out)));
        assertThat(live.pieces()).hasSizeLessThan(10);
    }

    /** With a smaller limit: py4j reads a megabyte in some tenths of a second. */
    @Test
    void ofMoreThan64MbTheEndIsShown() throws Exception {
        changeLive("MOST_OF_A_STREAM = 64 << 20", "MOST_OF_A_STREAM = 3 << 20");

        assertThat(run("""
            import sys
            for n in range(5): sys.stdout.write((('%02d' % n) * 31 + '\\n\\n') * (1 << 14))
            print('the last line')
            """)).isZero();

        await().atMost(30, TimeUnit.SECONDS).until(() -> live.has("tail-stdout"));
        byte[] shown = live.stream("stdout");
        assertThat(shown).hasSize(3 << 20);
        assertThat(live.pieces())
                .allSatisfy(piece -> assertThat(Files.size(piece)).isLessThanOrEqualTo(1 << 20));
        byte[] all = Files.readAllBytes(out);
        assertThat(Arrays.mismatch(shown, all)).isEqualTo(3 << 20);
        String tail = Files.readString(live.tail("stdout"));
        assertThat(tail).endsWith("the last line\n").hasSize(17 + (64 << 10));
        assertThat(Long.parseLong(tail.substring(0, 16))).isEqualTo(all.length - (64 << 10));
    }

    /** Who prints a little all day long: what comes after the last object is shown by its end alone. */
    @Test
    void afterTheMostObjectsOfARunTheEndIsShown() throws Exception {
        changeLive("MOST_OBJECTS = 4000", "MOST_OBJECTS = 3");

        assertThat(run("""
            import os, time
            def pieces():
                try:
                    return sum(name[0] == '0' and name[-1].isdigit() for name in os.listdir('%s'))
                except OSError:
                    return 0
            for n in range(4):
                print(n, flush=True)
                end = time.monotonic() + 20
                while pieces() < min(n + 1, 3) and time.monotonic() < end: time.sleep(.1)
            """.formatted(live.folder()))).isZero();

        await().atMost(30, TimeUnit.SECONDS).until(() -> live.has("tail-stdout"));
        assertThat(live.pieces()).hasSize(3);
        assertThat(live.stream("stdout")).asString().isEqualTo("0\n1\n2\n");
        assertThat(Files.readString(live.tail("stdout"))).endsWith("3\n");
    }

    /** A program that YARN did not start by spark-submit has no gateway in its environment, and starts its JVM itself. */
    @Test
    void aProgramThatStartsItsJvmItselfIsShownFromItsSparkContextOn() throws Exception {
        withPySpark("""
                class SparkContext:
                    def _do_init(self):
                        pass
                    def __init__(self):
                        self._gateway = types.SimpleNamespace(
                            gateway_parameters=types.SimpleNamespace(port=%s, auth_token='%s'))
                        self._do_init()
                """.formatted(jvm.port(), jvm.environment().get("PYSPARK_GATEWAY_SECRET")));

        assertThat(run("""
            import os, time
            print('before', flush=True)
            from pyspark import SparkContext
            sc = SparkContext()
            print('after', flush=True)
            end = time.monotonic() + 30
            while not os.path.exists('%s/live/01/progress.json') and time.monotonic() < end: time.sleep(0.1)
            raise SystemExit(6)
            """.formatted(root), Map.of())).isEqualTo(6);

        awaitEnd();
        assertThat(live.stream("stdout")).asString().isEqualTo("before\nafter\n");
        assertThat(live.json("ended.json").path("exitCode").asInt()).isEqualTo(6);
    }

    /** The package of Spark Connect alone has no SparkContext, and the driver's JVM none that is active. */
    @Test
    void aProgramOfSparkConnectIsShownWithoutProgress() throws Exception {
        withPySpark("def connected(): return 'rows'\n");

        assertThat(run("from pyspark import connected\nprint(connected())\n")).isZero();

        awaitEnd();
        assertThat(live.stream("stdout")).asString().isEqualTo("rows\n");
        if (live.has("progress.json")) {
            assertThat(live.json("progress.json").has("stages")).isFalse();
        }
    }

    @Test
    void aContextThatIsStoppedEndsProgressAndNothingElse() throws Exception {
        jvm.hasSparkContext(container.resolve("slipway-work/jobs/app.py"));
        Process run = start(
                "print('1', flush=True)\nwhile not __import__('os').path.exists('go'): __import__('time').sleep(.1)\nprint('2')\n",
                jvm.environment());
        await().atMost(20, TimeUnit.SECONDS)
                .until(() ->
                        live.has("progress.json") && live.json("progress.json").has("stages"));

        jvm.works(); // without the context
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> !live.json("progress.json").has("stages"));
        Files.createFile(container.resolve("slipway-work/go"));

        assertThat(run.waitFor()).isZero();
        awaitEnd();
        assertThat(live.stream("stdout")).asString().isEqualTo("1\n2\n");
    }

    private void withPySpark(String content) throws IOException {
        Path pyspark = Files.createDirectories(project.resolve("pyspark"));
        Files.writeString(pyspark.resolve("__init__.py"), "from pyspark.context import *\n");
        Files.writeString(pyspark.resolve("context.py"), "import types\n" + content);
    }

    @Test
    void aGatewayThatRefusesIsNoMatterToTheProject() throws Exception {
        int nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = free.getLocalPort();
        }
        assertHarmless(jvm.environment(nobody));
    }

    @Test
    void aGatewayThatNeverAnswersIsNoMatterToTheProject() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertHarmless(jvm.environment(silent.getLocalPort()));
        }
    }

    @Test
    void aJvmThatHangsIsNoMatterToTheProject() throws Exception {
        jvm.freeze();
        try {
            assertHarmless(jvm.environment());
        } finally {
            jvm.thaw();
        }
        awaitEnd(); // told late, while there is a JVM
    }

    @Test
    void aFileSystemThatHangsIsNoMatterToTheProject() throws Exception {
        jvm.fails("close 1000 sleep 60000");

        assertHarmless(jvm.environment());
    }

    @Test
    void aDriverWithoutGatewayIsNotWaitedFor() throws Exception {
        Instant began = Instant.now();

        assertThat(run("import sys; print(1); sys.exit(3)\n", Map.of())).isEqualTo(3);

        assertThat(Duration.between(began, Instant.now())).isLessThan(LONGEST_END);
    }

    private void assertHarmless(Map<String, String> environment) throws Exception {
        Instant began = Instant.now();
        assertThat(run("import sys; print('done'); sys.exit(3)\n", environment)).isEqualTo(3);
        assertThat(Duration.between(began, Instant.now())).isLessThan(LONGEST_END);
        assertThat(out).content().isEqualTo("done\n");
        assertThat(err).content().isEmpty();
    }

    @Test
    void aSlowFileSystemGetsEverythingInTime() throws Exception {
        jvm.fails("close 1000 sleep 300");

        assertThat(run("print('slow')\n1 / 0\n")).isEqualTo(1);

        awaitEnd();
        assertThat(live.stream("stderr")).isEqualTo(Files.readAllBytes(err));
    }

    /** A connection that is gone, a service that is busy, a file system that somebody has closed: the next try goes on at the same byte. */
    @ParameterizedTest
    @CsvSource({
        "close 2 Status Code: 503; Slow Down",
        "file-system 1 Filesystem closed",
        "create 3 timed out",
    })
    void afterATroubleItGoesOnAtTheSameByte(String fault) throws Exception {
        jvm.fails(fault);
        Process run =
                start("import time\nprint('before', flush=True)\ntime.sleep(9)\nprint('after')\n", jvm.environment());

        assertThat(run.waitFor()).isZero();

        awaitEnd();
        assertThat(live.stream("stdout")).asString().isEqualTo("before\nafter\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "file-system"})
    void aRefusalIsSaidOnceInSparksLogAndNowhereElse(String access) throws Exception {
        jvm.fails(access + " 1000 Access Denied (Service: Amazon S3; Status Code: 403)");
        long before = count(jvm.log(), "Slipway cannot show");

        assertThat(run("import time\nprint(1, flush=True)\ntime.sleep(5)\nprint(2)\n"))
                .isZero();

        assertThat(out).content().isEqualTo("1\n2\n");
        assertThat(err).content().isEmpty();
        await().untilAsserted(() ->
                assertThat(count(jvm.log(), "Slipway cannot show")).isEqualTo(before + 1));
        assertThat(jvm.log()).contains("the job may not write to fake:");
        assertThat(root.resolve("live")).doesNotExist();
    }

    @Test
    void theJvmDoesNotStayForARefusal() throws Exception {
        changeLive("LONGEST_SHUTDOWN = 2", "LONGEST_SHUTDOWN = 600");
        try (DriverJvm refused = DriverJvm.start(root.resolve("refused"))) {
            refused.fails("close 1000 Access Denied (Service: Amazon S3; Status Code: 403)");
            Process run = start("import os; os._exit(7)\n", refused.environment());
            assertThat(run.waitFor()).isEqualTo(7);

            assertThat(refused.endsWithin(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(end()).doesNotExist();
    }

    @Test
    void aFileThatIsCutOrReplacedGoesOnInTheSameStream() throws Exception {
        Path logs = Files.createDirectories(root.resolve("logs"));
        Map<String, String> environment = new HashMap<>(jvm.environment());
        environment.put("LOG_DIRS", root.resolve("none") + "," + logs);
        Files.writeString(logs.resolve("stdout"), "one\n");
        Process run = scripts.start(
                container,
                environment,
                List.of("python3", "launcher.py", StepArguments.ALIAS, launchFile("import time\ntime.sleep(60)\n")),
                out,
                err);
        awaitOutput("one\n");
        Files.writeString(logs.resolve("stdout"), "2\n");
        awaitOutput("one\n2\n");
        Files.writeString(root.resolve("next"), "three\n");
        Files.move(root.resolve("next"), logs.resolve("stdout"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        awaitOutput("one\n2\nthree\n");

        killProgram(run);
        awaitEnd();
    }

    private void awaitOutput(String text) {
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        assertThat(new String(live.stream("stdout"), UTF_8)).isEqualTo(text));
    }

    @Test
    void progressTellsHowFarSparkIs() throws Exception {
        jvm.hasSparkContext(container.resolve("slipway-work/jobs/app.py"));
        Process run = start("import time\ntime.sleep(60)\n", jvm.environment());

        await().atMost(20, TimeUnit.SECONDS).until(() -> live.has("progress.json"));
        JsonNode progress = live.json("progress.json");
        assertThat(progress.path("applicationId").asString()).isEqualTo("application_1_0001");
        assertThat(progress.path("executors").asInt()).isEqualTo(2);
        assertThat(progress.path("activeJobs").asInt()).isEqualTo(1);
        assertThat(progress.path("activeStages").asInt()).isEqualTo(2);
        assertThat(progress.path("stages").toString())
                .isEqualTo(
                        "[{\"id\":7,\"name\":\"count at jobs/app.py:10\",\"tasks\":200,\"active\":4,\"completed\":120,"
                                + "\"failed\":1}]");

        killProgram(run);
        run.waitFor();
        awaitEnd();
    }

    @Test
    void aSecondAttemptOfTheApplicationReplacesNothingOfTheFirst() throws Exception {
        Map<String, String> environment = new HashMap<>(jvm.environment());
        environment.put("CONTAINER_ID", "container_e02_1700000000000_0001_02_000001");

        assertThat(run("print('again')\n", environment)).isZero();

        live = new LiveObjects(root.resolve("live/02"));
        awaitEnd();
        assertThat(live.stream("stdout")).asString().isEqualTo("again\n");
    }

    /** By its own clock: the program is long, and nobody waits for it here. */
    @Test
    void theChannelIsQuickAtFirstAndWhileSomebodyWatchesAndCostsLittleElse() throws Exception {
        Files.writeString(root.resolve("paces.py"), """
            import sys, types
            sys.path.insert(0, %s)
            import channel as live
            now = [0.0]
            channel = live.Channel({'folder': 'f', 'end': 'e', 'work': 'w'}, None, [], None, lambda: now[0])
            channel.store = types.SimpleNamespace(pace=2.0)
            def pace(at):
                now[0] = at
                channel.pace = channel.pace_now(at)
                return channel.pace
            print(pace(0), pace(299), pace(300), [pace(400) for _ in range(10)][-1])
            channel.watched_until = 500
            print(pace(499), pace(501))
            channel.number = 2001
            print(pace(502), live.MOST_OBJECTS)
            """.formatted("'" + container.resolve("live.zip") + "'"));

        assertThat(scripts.run(
                                container,
                                Map.of(),
                                List.of("python3", root.resolve("paces.py").toString()))
                        .lines())
                .containsExactly("2.0 2.0 3.0 60.0", "2.0 3.0", "10.0 4000");
    }

    @Test
    void whatAFailureTellsIsBoundedAndEndsWithItsLastLines() throws Exception {
        run("""
            def deeper(depth):
                raise ValueError(depth)
            def tried(depth):
                try:
                    deeper(0) if depth == 0 else tried(depth - 1)
                except Exception as e:
                    raise RuntimeError('x' * 200 + str(depth)) from e
            tried(150)
            """);

        awaitEnd();
        JsonNode ended = live.json("ended.json");
        assertThat(ended.path("type").asString()).isEqualTo("RuntimeError");
        assertThat(ended.path("traceback").asString()).endsWith("x150\n").hasSizeBetween(15 << 10, 16 << 10);
    }

    @Test
    void aLongMessageIsCut() throws Exception {
        run("raise ValueError('é' * 3000)\n");

        awaitEnd();
        assertThat(live.json("ended.json").path("message").asString()).isEqualTo("é".repeat(2000));
    }

    @Test
    void aTextGivenToExitIsTheMessage() throws Exception {
        run("import sys; sys.exit('no rows today')\n");

        awaitEnd();
        assertThat(live.json("ended.json").path("message").asString()).isEqualTo("no rows today");
    }

    @Test
    void aKilledProgramSaysByWhat() throws Exception {
        run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)\n");
        awaitEnd();
        JsonNode ended = live.json("ended.json");
        assertThat(ended.path("exitCode").asInt()).isEqualTo(139);
        assertThat(ended.path("message").asString()).isEqualTo("The program was ended by SIGSEGV.");
    }

    /** Spark closes its own gateway as soon as the program has ended, and the JVM lives on for a while. */
    @Test
    void whatIsPrintedIsSeenThoughSparkHasClosedItsGateway() throws Exception {
        try (Relay spark = Relay.to(jvm.port())) {
            Process run = start(
                    "import time\n"
                            + "print('before', flush=True)\n"
                            + "while not __import__('os').path.exists('go'): time.sleep(.1)\n"
                            + "print('after')\n",
                    jvm.environment(spark.port()));
            awaitOutput("before\n");
            spark.close();
            Files.createFile(root.resolve("appcache/container_1_0001_01_000001/slipway-work/go"));

            assertThat(run.waitFor()).isZero();
        }
        awaitEnd();
        assertThat(live.stream("stdout")).asString().isEqualTo("before\nafter\n");
    }

    @Test
    void whatTheProgramWroteUnderTheNamedPathsIsStoredWhenItHasEnded() throws Exception {
        Path outside = Files.writeString(root.resolve("secret"), "not for you");
        results = Map.of("patterns", List.of("out/**", "*.csv"), "files", 4, "bytes", 200_000, "seconds", 30);

        assertThat(run("""
            import os, sys
            os.makedirs('out/deep/er')
            open('rows.csv', 'w').write('a,b')
            open('out/deep/er/é x.txt', 'w').write('deep')
            open('out/large.bin', 'wb').write(bytes(range(256)) * 400)
            open('out/too-large', 'wb').write(b'x' * 150000)
            open('other.txt', 'w').write('no')
            os.symlink('%s', 'out/link')
            os.symlink('%s', 'out/folder')
            os.mkfifo('out/pipe')
            sys.exit(3)
            """.formatted(outside, root))).isEqualTo(3);

        awaitEnd();
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(root.resolve("results/results.json")));
        JsonNode told = JSON.readTree(Files.readAllBytes(root.resolve("results/results.json")));
        assertThat(told.path("files").toString())
                .isEqualTo(
                        "[{\"path\":\"out/deep/er/é x.txt\",\"size\":4},{\"path\":\"out/large.bin\",\"size\":102400},"
                                + "{\"path\":\"rows.csv\",\"size\":3}]");
        assertThat(told.path("leftOut").toString())
                .contains("{\"path\":\"out/link\",\"why\":\"It is a link.\"}", "\"out/folder\"")
                .contains("{\"path\":\"out/pipe\",\"why\":\"It is no regular file.\"}")
                .contains("{\"path\":\"out/too-large\",\"why\":\"The results would be larger than 200000 bytes.\"}");
        assertThat(told.path("note").isNull()).isTrue();
        Path files = root.resolve("results/files");
        assertThat(files.resolve("out/deep/er/é x.txt")).hasContent("deep");
        assertThat(files.resolve("out/large.bin"))
                .hasSize(102_400)
                .content(java.nio.charset.StandardCharsets.ISO_8859_1)
                .endsWith("\u00fe\u00ff");
        assertThat(files.resolve("out/link")).doesNotExist();
        assertThat(files.resolve("other.txt")).doesNotExist();
    }

    @Test
    void aFailureWithResultsIsANoteAndNeverTheJobs() throws Exception {
        results = Map.of("patterns", List.of("**"), "files", 1, "bytes", 1000, "seconds", 30);
        jvm.fails("create-of-files 1 Status Code: 503; Slow Down");

        assertThat(run("open('b', 'w').close()\nopen('a', 'w').close()\n")).isZero();

        awaitEnd();
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(root.resolve("results/results.json")));
        JsonNode told = JSON.readTree(Files.readAllBytes(root.resolve("results/results.json")));
        assertThat(told.path("files").size()).isZero();
        assertThat(told.path("leftOut").toString())
                .contains("Slow Down")
                .contains("{\"path\":\"b\",\"why\":\"There are more than 1 files.\"}");
    }

    @Test
    void resultsThatTakeTooLongAreGivenUp() throws Exception {
        results = Map.of("patterns", List.of("out"), "files", 10, "bytes", 1000, "seconds", 4);
        jvm.fails("create-of-files 1 sleep 20000");
        Instant began = Instant.now();

        assertThat(run("import os\nos.mkdir('out')\nopen('out/a', 'w').close()\n"))
                .isZero();

        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(14));
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(root.resolve("results/results.json")));
        assertThat(JSON.readTree(Files.readAllBytes(root.resolve("results/results.json")))
                        .path("note")
                        .asString())
                .isEqualTo("Not all could be stored: timed out");
    }

    private int run(String program) throws Exception {
        return run(program, jvm.environment());
    }

    private int run(String program, Map<String, String> environment) throws Exception {
        Process run = start(program, environment);
        assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return run.exitValue();
    }

    private Process start(String program, Map<String, String> environment) throws IOException {
        String launch = launchFile(program);
        return scripts.start(
                container,
                environment,
                List.of(
                        root.resolve("java").toString(),
                        "-c",
                        "python3 launcher.py " + StepArguments.ALIAS + " " + launch + "; exit $?"),
                out,
                err);
    }

    private String launchFile(String program) throws IOException {
        Files.writeString(project.resolve("project.py"), program);
        Map<String, Object> shown = new HashMap<>(
                Map.of("program", "live.zip", "folder", "fake:" + root + "/live", "end", "fake:" + end()));
        if (!results.isEmpty()) {
            Map<String, Object> settings = new HashMap<>(results);
            settings.put("to", "fake:" + root + "/results");
            shown.put("results", settings);
        }
        Path file = container.resolve("launch.json");
        Files.write(
                file,
                JSON.writeValueAsBytes(Map.of(
                        "entryPoint",
                        "project.py",
                        "arguments",
                        List.of(),
                        "environment",
                        Map.of(),
                        "pythonPath",
                        List.of(),
                        "live",
                        shown)));
        return file.getFileName().toString();
    }

    /** Python starts a folder as it starts an archive. */
    private void changeLive(String line, String other) throws IOException {
        Files.delete(container.resolve("live.zip"));
        Path folder = Files.createDirectory(container.resolve("live.zip"));
        boolean changed = false;
        try (ZipInputStream parts =
                new ZipInputStream(new ByteArrayInputStream(NodeProgram.live().content()))) {
            for (ZipEntry part = parts.getNextEntry(); part != null; part = parts.getNextEntry()) {
                String content = new String(parts.readAllBytes(), UTF_8);
                changed |= content.contains(line);
                Files.writeString(folder.resolve(part.getName()), content.replace(line, other));
            }
        }
        assertThat(changed).as("%s is there", line).isTrue();
    }

    private Path end() {
        return root.resolve("live-ends/key");
    }

    private void awaitEnd() {
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(end()));
    }

    /** And not the process that shows it. */
    private static void killProgram(Process run) {
        run.descendants()
                .filter(each -> !each.info().commandLine().orElse("").contains("live.zip"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static long count(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }
}
