package io.slipway.compute.emr.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.compute.DriverJvm;
import io.slipway.compute.emr.launch.JobRules.Container.Runtime;
import io.slipway.compute.emr.launch.Scripts.Ended;
import io.slipway.project.Launch;
import io.slipway.project.Launch.FailOn;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.Launch.Python;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The step of modes client and container as the primary node runs it: the machine's bash and python3, in a step's folder, with stand-ins
 * for aws, spark-submit and docker on the PATH that note the words they were given.
 */
class PrimaryNodeTest {

    private static final String AWS = """
        #!/bin/sh
        [ "$*" = "ecr get-login-password --region eu-central-1" ] && { printf the-password; exit 0; }
        [ "$1 $2 $3" = "s3 cp --only-show-errors" ] || { echo "unexpected: $*" >&2; exit 9; }
        if [ "$4" = --recursive ]; then
            [ ! -e "$NOTES/aws-sleeps" ] || sleep "$(cat "$NOTES/aws-sleeps")"
            echo "$6" >> "$NOTES/puts"
            [ ! -e "$NOTES/aws-fails" ] || { cat "$NOTES/aws-fails" >&2; exit 1; }
            mkdir -p "$NOTES/s3/${6#s3://}" && exec cp -R "$5/." "$NOTES/s3/${6#s3://}"
        fi
        exec cp "$BUCKET/$(basename "$4")" "$5"
        """;

    /** Starts the driver as spark-submit does in client mode: the process of Python ends, and so does it. */
    private static final String SPARK_SUBMIT = """
        #!/bin/sh
        printf '%s\\n' "$@" > "$NOTES/spark-submit"
        printf '%s' "$SPARK_SUBMIT_OPTS" > "$NOTES/jvm"
        printf '%s' "$STAGE" > "$NOTES/stage"
        python=$REAL_PYTHON
        while [ "${1#--}" != "$1" ]; do
            case "$2" in spark.pyspark.driver.python=*) python=${2#*=};; esac
            shift 2
        done
        exec "$python" "$@"
        """;

    /** What it runs is no child of its caller's, as a container is none of the client's. */
    private static final String DOCKER = """
        #!/bin/sh
        echo "$*" >> "$NOTES/docker-calls"
        [ "$1" = --config ] && { [ -d "$2" ] || exit 8; shift 2; }
        case $1 in
            info) [ -z "$ONLY_ROOT_MAY" ] || [ -n "$UNDER_SUDO" ]; exit;;
            login) cat > "$NOTES/password"; exit;;
            stop) kill "$(cat "$NOTES/container")"; exit;;
            rm) exit;;
        esac
        printf '%s\\n' "$@" > "$NOTES/docker"
        while [ "${1#*scores:1.4}" = "$1" ]; do
            case $1 in
                --workdir) cd "$2";;
                --env-file) while IFS= read -r line; do export "$line"; done < "$2";;
                --env) export "$2";;
            esac
            shift
        done
        shift
        setsid spark-submit "$@" &
        echo $! > "$NOTES/container"
        trap '' TERM
        exec 2>/dev/null
        wait $!
        """;

    private static final String SUDO = """
        #!/bin/sh
        [ "$1" = -n ] || exit 7
        shift
        UNDER_SUDO=1 exec "$@"
        """;

    /** What other machines and other versions of Python do, which Python reads when it starts. */
    private static final String ELSEWHERE = """
        import os, signal, subprocess, sys, tarfile
        if os.environ.get('ONLY_ROOT_MAY'):
            def killpg(group, number):
                raise PermissionError(1, 'Operation not permitted')
            os.killpg = killpg
        if hasattr(tarfile, 'data_filter'):
            tarfile.TarFile.extraction_filter = staticmethod(tarfile.data_filter)
        if os.environ.get('STOPPED_AT_ONCE'):
            start = subprocess.Popen
            def popen(*words, **options):
                child = start(*words, **options)
                if options.get('start_new_session'):
                    open(os.environ['NOTES'] + '/pid', 'w').write(str(child.pid))
                    os.kill(os.getpid(), signal.SIGTERM)
                return child
            subprocess.Popen = popen
        """;

    @TempDir
    private Path root;

    private Path bucket;
    private Path step;
    private Path notes;
    private Scripts scripts;
    private Map<String, String> environment;

    /** What is still on its way to the store after a program must not write into a folder that is being removed. */
    @AfterEach
    void endWhatIsLeft() {
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(root.toString()))
                .toList()
                .forEach(process -> {
                    process.destroyForcibly();
                    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
                });
    }

    @BeforeEach
    void arrange() throws Exception {
        bucket = Files.createDirectory(root.resolve("bucket"));
        step = Files.createDirectories(root.resolve("steps/s-1"));
        notes = Files.createDirectory(root.resolve("notes"));
        scripts = new Scripts(Files.createDirectory(root.resolve("outputs")));
        String python = scripts.python();
        Path bin = root.resolve("bin");
        Scripts.program(bin.resolve("aws"), AWS);
        Scripts.program(bin.resolve("spark-submit"), SPARK_SUBMIT);
        Scripts.program(bin.resolve("docker"), DOCKER);
        Scripts.program(bin.resolve("sudo"), SUDO);
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("sitecustomize.py"), ELSEWHERE);
        Scripts.program(bin.resolve("python3"), "#!/bin/sh\nexec " + python + " \"$@\"\n");
        environment = new HashMap<>(Map.of(
                "PATH",
                bin + ":/usr/bin:/bin",
                "BUCKET",
                bucket.toString(),
                "NOTES",
                notes.toString(),
                "REAL_PYTHON",
                python,
                "PYTHONPATH",
                elsewhere.toString(),
                "SPARK_SUBMIT_OPTS",
                "-Dof.the.node=1"));
    }

    @Test
    void theProjectIsTheWorkingDirectoryOfTheDriver() throws Exception {
        Ended ended = run(
                client("main.py", List.of("a b", "{{x}}"), Map.of("STAGE", "te'st")),
                rules(),
                Map.of(
                        "main.py", """
                        import os, sys
                        from data.source import double
                        print(double(21), open('data/source.ini').read(), sys.argv[1:], os.environ['STAGE'])
                        print(os.path.realpath(os.getcwd()) == os.path.realpath(os.path.dirname(__file__)))
                        open('written.txt', 'w').write('x')
                        """,
                        "data/source.py", "def double(x):\n    return 2 * x\n",
                        "data/source.ini", "rows"));

        assertThat(ended.out().lines()).containsExactly("42 rows ['a b', '{{x}}'] te'st", "True");
        assertThat(ended.status()).isZero();
        assertThat(Files.readString(notes.resolve("spark-submit")))
                .startsWith("--deploy-mode\nclient\n")
                .contains("project_" + MemoryArtifacts.PROJECT + ".zip#slipway-project")
                .contains("spark.executorEnv.PYTHONPATH=slipway-project");
    }

    @Test
    void nothingIsLeftAndTheExitCodeIsTheProjects() throws Exception {
        Ended ended = run(client("main.py", List.of(), Map.of()), rules(), Map.of("main.py", """
            import os, sys
            sys.exit(3)
            """));

        assertThat(ended.status()).isEqualTo(3);
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0o500", "0o300", "0o000"})
    void foldersThatTheProjectHasLockedAreRemovedToo(String mode) throws Exception {
        assumeThat(Scripts.respectPermissions()).isTrue();

        Ended ended = run(client("main.py", List.of(), Map.of()), rules(), Map.of("main.py", """
            import os
            os.makedirs('locked/deep/er')
            open('locked/deep/x', 'w').close()
            for folder in ('locked/deep/er', 'locked/deep', 'locked', '.'):
                os.chmod(folder, %s)
            """.formatted(mode)));

        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    @Test
    void theJvmOfTheDriverSeesTheEnvironmentOfTheJobToo() throws Exception {
        run(client("main.py", List.of(), Map.of("STAGE", "te'st")), rules(), Map.of("main.py", ""));

        assertThat(notes.resolve("stage")).hasContent("te'st");
    }

    @Test
    void aPackedEnvironmentIsThePythonOfTheDriverThoughItsLinksLeadOutOfIt() throws Exception {
        Path bin = Files.createDirectories(root.resolve("packed/bin"));
        Files.createSymbolicLink(bin.resolve("python"), Path.of(environment.get("REAL_PYTHON")));
        scripts.run(
                        root,
                        Map.of(),
                        List.of("tar", "czf", bucket.resolve("packed.tar.gz").toString(), "-C", "packed", "."))
                .lines();
        LaunchPlan plain = client("main.py", List.of(), Map.of());
        LaunchPlan plan = new LaunchPlan(
                plain.projectId(),
                plain.entryPoint(),
                List.of(),
                Map.of(),
                Map.of(),
                new Launch(
                        Layout.UNCHANGED,
                        Mode.CLIENT,
                        null,
                        new Python(List.of(), "s3://envs/packed.tar.gz"),
                        null,
                        FailOn.NEVER));

        Ended ended = run(plan, rules(), Map.of("main.py", "import sys\nprint(sys.executable)\n"));

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().strip()).endsWith("/environment/bin/python");
        assertThat(Files.readAllLines(notes.resolve("spark-submit")))
                .contains("spark.pyspark.python=./environment/bin/python");
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    @Test
    void aTracebackIsOnStderrAndTheStepFails() throws Exception {
        Ended ended =
                run(client("main.py", List.of(), Map.of()), rules(), Map.of("main.py", "raise KeyError('rows')\n"));

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("main.py\", line 1").endsWith("KeyError: 'rows'\n");
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    @Test
    void logFilesOfOlderReleasesGoWhereTheStepMayWrite() throws Exception {
        run(client("main.py", List.of(), Map.of()), rules(), Map.of("main.py", ""));

        assertThat(Files.readString(notes.resolve("jvm")))
                .startsWith("-Dof.the.node=1 -Dspark.yarn.app.container.log.dir=" + step.toRealPath());
    }

    @Test
    void whatSomebodySendsIsNeverTextForAShell() throws Exception {
        String evil = "$(touch " + root + "/hacked); `touch " + root + "/hacked` '; touch " + root + "/hacked #";
        LaunchPlan plan = new LaunchPlan(
                MemoryArtifacts.PROJECT,
                "main.py",
                List.of(evil),
                Map.of("spark.app.note", evil),
                Map.of("NOTE", evil),
                client("main.py", List.of(), Map.of()).launch());

        Ended ended = run(plan, rules(), Map.of("main.py", """
            import os, sys
            print(sys.argv[1] == os.environ['NOTE'])
            """));

        assertThat(ended.out()).isEqualTo("True\n");
        assertThat(Files.readString(notes.resolve("spark-submit"))).contains("spark.app.note=" + evil);
        assertThat(root.resolve("hacked")).doesNotExist();
        assertThat(String.join(" ", StepArgumentsTest.step(plan, rules()).arguments()))
                .doesNotContain("hacked");
    }

    @Test
    void aCancelledStepEndsItsDriverAndCleansUp() throws Exception {
        stage(client("main.py", List.of(), Map.of()), rules(), Map.of("main.py", """
            import os, time
            open(os.environ['NOTES'] + '/pid', 'w').write(str(os.getpid()))
            time.sleep(600)
            """));
        Process process = scripts.start(
                step,
                environment,
                command(client("main.py", List.of(), Map.of()), rules()),
                root.resolve("o"),
                root.resolve("e"));
        await().until(() -> Files.exists(notes.resolve("pid"))
                && !Files.readString(notes.resolve("pid")).isEmpty());

        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        long driver = Long.parseLong(Files.readString(notes.resolve("pid")));
        await().until(() -> ProcessHandle.of(driver).map(ProcessHandle::isAlive).orElse(false), alive -> !alive);
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    @Test
    void aStepThatIsCancelledWhileItStartsItsDriverLeavesNone() throws Exception {
        environment.put("STOPPED_AT_ONCE", "1");

        Ended ended = run(
                client("main.py", List.of(), Map.of()), rules(), Map.of("main.py", "import time\ntime.sleep(600)\n"));

        assertThat(ended.status()).isEqualTo(143);
        long driver = Long.parseLong(Files.readString(notes.resolve("pid")));
        assertThat(ProcessHandle.of(driver).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCancelledStepEndsItsContainerToo(boolean onlyRootMay) throws Exception {
        if (onlyRootMay) {
            environment.put("ONLY_ROOT_MAY", "1");
        }
        LaunchPlan plan = StepArgumentsTest.plan(Layout.UNCHANGED, Mode.CONTAINER, "main.py", Map.of());
        JobRules rules = StepArgumentsTest.rules(Runtime.PRIMARY_NODE, List.of(), null);
        stage(plan, rules, Map.of("main.py", """
            import os, time
            open(os.environ['NOTES'] + '/started', 'w').close()
            time.sleep(600)
            """));
        Process process = scripts.start(step, environment, command(plan, rules), root.resolve("o"), root.resolve("e"));
        await().until(() -> Files.exists(notes.resolve("started")));

        process.destroy();

        assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(root.resolve("e")).isEmptyFile();
        long container =
                Long.parseLong(Files.readString(notes.resolve("container")).strip());
        await().until(
                        () -> ProcessHandle.of(container)
                                .map(ProcessHandle::isAlive)
                                .orElse(false),
                        alive -> !alive);
        assertThat(Files.readString(notes.resolve("docker-calls")))
                .contains(" stop -t 20 slipway-" + StepArgumentsTest.KEY, " rm -f slipway-" + StepArgumentsTest.KEY);
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    @Test
    void aRegistryOfTheAccountIsLoggedInToWithoutShowingThePassword() throws Exception {
        LaunchPlan plan = StepArgumentsTest.plan(Layout.UNCHANGED, Mode.CONTAINER, "main.py", Map.of());
        JobRules rules = StepArgumentsTest.rules(Runtime.PRIMARY_NODE, List.of(), null);

        Ended ended = run(plan, rules, Map.of("main.py", "print('it ran')\n"));

        assertThat(ended.out()).isEqualTo("it ran\n");
        assertThat(ended.err()).doesNotContain("the-password");
        assertThat(notes.resolve("password")).hasContent("the-password");
        assertThat(Files.readString(notes.resolve("docker-calls")))
                .contains(" login --username AWS --password-stdin 123456789012.dkr.ecr.eu-central-1.amazonaws.com\n")
                .doesNotContain("the-password");
    }

    @Test
    void valuesOfTheEnvironmentReachAContainerInNoCommand() throws Exception {
        LaunchPlan client = client("main.py", List.of(), Map.of("STAGE", "a-secret", "LINES", "a\nb"));
        LaunchPlan plan = new LaunchPlan(
                client.projectId(),
                client.entryPoint(),
                List.of(),
                Map.of(),
                client.environment(),
                StepArgumentsTest.plan(Layout.UNCHANGED, Mode.CONTAINER, "main.py", Map.of())
                        .launch());
        JobRules rules = StepArgumentsTest.rules(Runtime.PRIMARY_NODE, List.of(), null);

        Ended ended = run(plan, rules, Map.of("main.py", "import os\nprint(os.environ['LINES'])\n"));

        assertThat(ended.out()).isEqualTo("a\nb\n");
        assertThat(notes.resolve("stage")).hasContent("a-secret");
        assertThat(Files.readString(notes.resolve("docker-calls"))).doesNotContain("a-secret");
    }

    @Test
    void anImageSeesTheUsersAndTheConfigurationBehindLinks() throws Exception {
        Path real =
                Files.createDirectories(root.resolve("etc/hadoop/conf.dist")).toRealPath();
        Path alternative = Files.createSymbolicLink(root.resolve("alternative"), real);
        Path conf = Files.createSymbolicLink(root.resolve("etc/hadoop/conf"), alternative);
        Path program = Files.write(
                root.resolve("primary_node.py"), NodeProgram.primaryNode().content());

        Ended ended = scripts.run(root, environment, List.of("python3", "-c", """
            import sys
            import primary_node
            primary_node.CONFIGURATION = [sys.argv[1]]
            container = {'image': 'scores', 'mounts': ['/etc/hostname:/etc/group:ro']}
            docker = primary_node.Docker('/work', {'submissionKey': 'k', 'container': container})
            print('\\n'.join(docker.volumes()))
            """, conf.toString()));

        assertThat(program).exists();
        assertThat(ended.lines())
                .startsWith("/work:/work", real + ":" + conf + ":ro", "/etc/passwd:/etc/passwd:ro")
                .endsWith("/etc/hostname:/etc/group:ro")
                .doesNotContain("/etc/group:/etc/group:ro");
    }

    @Test
    void aBucketThatDoesNotAnswerFailsTheStepWithASentence() throws Exception {
        LaunchPlan plan = client("main.py", List.of(), Map.of());
        stage(plan, rules(), Map.of("main.py", ""));
        Files.delete(bucket.resolve("project_" + MemoryArtifacts.PROJECT + ".zip"));

        Ended ended = scripts.run(step, environment, command(plan, rules()));

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("could not be fetched: aws ended with");
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    @Test
    void anImageOnThePrimaryNodeSeesTheProjectAndTheNodesNetwork() throws Exception {
        LaunchPlan plan = StepArgumentsTest.plan(Layout.UNCHANGED, Mode.CONTAINER, "main.py", Map.of());
        JobRules rules = StepArgumentsTest.rules(Runtime.PRIMARY_NODE, List.of("/etc/hosts:/etc/hosts:ro"), null);

        Ended ended =
                run(plan, rules, Map.of("main.py", "print(open('data.txt').read())\n", "data.txt", "from the project"));

        assertThat(ended.out()).isEqualTo("from the project\n");
        List<String> words = Files.readAllLines(notes.resolve("docker"));
        assertThat(words)
                .containsSequence("run", "--rm", "--init", "--network", "host")
                .containsSequence("--volume", "/etc/hosts:/etc/hosts:ro")
                .containsSequence("--entrypoint", "/usr/lib/spark/bin/spark-submit", StepArgumentsTest.IMAGE)
                .containsSequence("--deploy-mode", "client");
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    @Test
    void underARuntimeRoleTheShellTakesTheQuotesOff() throws Exception {
        JobRules rules = StepArgumentsTest.rules(Runtime.YARN, List.of(), "arn:aws:iam::123456789012:role/jobs");
        LaunchPlan plan = client("main.py", List.of(), Map.of());
        stage(plan, rules, Map.of("main.py", "print('it ran')\n"));
        // command-runner joins the words and lets a shell read them.
        List<String> joined = List.of("bash", "-c", String.join(" ", command(plan, rules)));

        assertThat(scripts.run(step, environment, joined).out()).isEqualTo("it ran\n");
    }

    @Test
    void whatAStepPrintsAndHowItEndsIsPutByTheCommandOfTheNodeWhereNoJvmDoes() throws Exception {
        Ended ended = run(client("main.py", List.of(), Map.of()), live(), Map.of("main.py", "print('rows')\n1 / 0\n"));

        assertThat(ended.status()).isEqualTo(1);
        awaitEnd();
        LiveObjects shown = new LiveObjects(liveFolder().resolve("01"));
        await().untilAsserted(
                        () -> assertThat(shown.stream("stdout")).asString().isEqualTo("rows\n"));
        assertThat(shown.stream("stderr")).asString().isEqualTo(ended.err());
        JsonNode story = shown.json("ended.json");
        assertThat(story.path("exitCode").asInt()).isEqualTo(1);
        assertThat(story.path("type").asString()).isEqualTo("ZeroDivisionError");
        assertThat(story.path("traceback").asString()).contains("main.py\", line 2");
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    /** Its JVM ends with the program's process, and the command of the node takes long. */
    @ParameterizedTest
    @CsvSource({"print('rows'), 0", "print('rows') or 1 / 0, 1", "print('rows') or exit(7), 7"})
    void inClientModeTheJvmHasPutTheEndBeforeItIsGone(String program, int status) throws Exception {
        try (DriverJvm jvm = DriverJvm.start(root.resolve("jvm"))) {
            driverOf(jvm);
            Files.writeString(notes.resolve("aws-sleeps"), "20");

            Ended ended = run(client("main.py", List.of(), Map.of()), live(), Map.of("main.py", program));

            assertThat(ended.status()).isEqualTo(status);
            Path stage = root.resolve("jvm/s3/my-bucket/slipway");
            assertThat(stage.resolve("live-ends/default/" + StepArgumentsTest.KEY))
                    .exists();
            LiveObjects shown = new LiveObjects(stage.resolve("live/default/" + StepArgumentsTest.KEY + "/01"));
            assertThat(shown.json("ended.json").path("exitCode").asInt()).isEqualTo(status);
            assertThat(shown.stream("stdout")).asString().isEqualTo("rows\n");
            assertThat(notes.resolve("puts")).as("by the command").doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"frozen", "refuses", "gone"})
    void inClientModeAProgramWaitsTwoSecondsAtMost(String jvmIs) throws Exception {
        try (DriverJvm jvm = DriverJvm.start(root.resolve("jvm"))) {
            driverOf(jvm);
            Files.writeString(notes.resolve("aws-sleeps"), "20");
            switch (jvmIs) {
                case "frozen" -> jvm.freeze();
                case "refuses" -> jvm.fails("create 1000 AccessDenied");
                default -> jvm.close();
            }
            String program = "import time\ntime.sleep(1)\nopen('" + notes + "/ends', 'w').write(str(time.time()))\n";

            Ended ended = run(client("main.py", List.of(), Map.of()), live(), Map.of("main.py", program));

            assertThat(ended).isEqualTo(new Ended(0, "", ""));
            double took =
                    System.currentTimeMillis() / 1000.0 - Double.parseDouble(Files.readString(notes.resolve("ends")));
            assertThat(took).isLessThan(jvmIs.equals("refuses") ? 1.9 : 4);
        }
    }

    /** As spark-submit's own JVM: it is there from before the program on, and ends with it. */
    private void driverOf(DriverJvm jvm) throws IOException {
        environment.putAll(jvm.environment());
        Scripts.program(root.resolve("bin/spark-submit"), """
            #!/bin/sh
            while [ "${1#--}" != "$1" ]; do shift 2; done
            "$REAL_PYTHON" "$@"
            status=$?
            kill -9 %d 2>/dev/null
            exit $status
            """.formatted(jvm.pid()));
    }

    @Test
    void whatAnImageOnThePrimaryNodePrintsIsShownAsWhatTheNodeItselfDoes() throws Exception {
        LaunchPlan plan = StepArgumentsTest.plan(Layout.UNCHANGED, Mode.CONTAINER, "main.py", Map.of());
        JobRules rules = StepArgumentsTest.rules(Runtime.PRIMARY_NODE, List.of(), null);
        assertThat(rules.showsLive(plan)).isTrue();

        Ended ended = run(plan, rules, Map.of("main.py", "print('rows')\n1 / 0\n"));

        assertThat(ended.status()).isEqualTo(1);
        awaitEnd();
        LiveObjects shown = new LiveObjects(liveFolder().resolve("01"));
        await().untilAsserted(
                        () -> assertThat(shown.stream("stdout")).asString().isEqualTo("rows\n"));
        assertThat(shown.json("ended.json").path("type").asString()).isEqualTo("ZeroDivisionError");
        assertThat(left()).containsExactly("slipway_primary_node.py");
    }

    @Test
    void aSparkSubmitThatStartsNoPythonIsSeenToEndToo() throws Exception {
        Scripts.program(root.resolve("bin/spark-submit"), "#!/bin/sh\necho 'no such package' >&2\nexit 5\n");

        Ended ended = run(client("main.py", List.of(), Map.of()), live(), Map.of("main.py", ""));

        assertThat(ended.status()).isEqualTo(5);
        awaitEnd();
        LiveObjects shown = new LiveObjects(liveFolder().resolve("01"));
        assertThat(shown.json("ended.json").path("exitCode").asInt()).isEqualTo(5);
        assertThat(shown.stream("stderr")).asString().isEqualTo("no such package\n");
    }

    @Test
    void aBucketThatRefusesIsAskedOnceAndIsNoMatterToTheStep() throws Exception {
        Files.writeString(
                notes.resolve("aws-fails"), "An error occurred (AccessDenied) when calling the PutObject operation");
        java.time.Instant began = java.time.Instant.now();

        Ended ended = run(client("main.py", List.of(), Map.of()), live(), Map.of("main.py", "print(1)\n"));

        assertThat(ended).isEqualTo(new Ended(0, "1\n", ""));
        assertThat(java.time.Duration.between(began, java.time.Instant.now()))
                .isLessThan(java.time.Duration.ofSeconds(12));
        assertThat(Files.readAllLines(notes.resolve("puts"))).hasSize(1);
    }

    @Test
    void resultsOfAStepAreStoredBeforeItsFolderIsRemoved() throws Exception {
        LaunchPlan plan = client("main.py", List.of(), Map.of());
        stage(plan, live(), Map.of("main.py", """
            import os
            os.makedirs('out/deep')
            open('out/deep/rows.csv', 'w').write('a,b')
            os.symlink('/etc/passwd', 'out/users')
            """));
        Path launch = bucket.resolve(ArtifactName.launch(StepArgumentsTest.KEY).fileName());
        JsonMapper json = JsonMapper.builder().build();
        ObjectNode changed = (ObjectNode) json.readTree(Files.readAllBytes(launch));
        ((ObjectNode) changed.get("live")).set("results", json.readTree("""
            {"patterns": ["out"], "to": "s3://stage/results/k", "files": 10, "bytes": 1000, "seconds": 60}
            """));
        Files.write(launch, json.writeValueAsBytes(changed));

        Ended ended = scripts.run(step, environment, command(plan, live()));

        assertThat(ended.status()).isZero();
        Path results = notes.resolve("s3/stage/results/k");
        JsonNode told = json.readTree(Files.readAllBytes(results.resolve("results.json")));
        assertThat(told.path("files").toString()).isEqualTo("[{\"path\":\"out/deep/rows.csv\",\"size\":3}]");
        assertThat(told.path("leftOut").toString()).contains("out/users", "It is a link.");
        assertThat(results.resolve("files/out/deep/rows.csv")).hasContent("a,b");
        assertThat(results.resolve("files/out/users")).doesNotExist();
    }

    private static JobRules live() {
        return new JobRules(
                Map.of(), List.of(), Set.of(Mode.values()), null, List.of(), rules().container(), true, true);
    }

    private Path liveFolder() throws IOException {
        try (Stream<Path> found = Files.find(notes.resolve("s3"), 12, (path, type) -> path.endsWith("live/default"))) {
            return found.findFirst().orElseThrow().resolve(StepArgumentsTest.KEY);
        }
    }

    private void awaitEnd() {
        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            try (Stream<Path> found = Files.find(
                    notes.resolve("s3"),
                    12,
                    (path, type) -> path.endsWith("live-ends/default/" + StepArgumentsTest.KEY))) {
                return found.findAny().isPresent();
            }
        });
    }

    private static LaunchPlan client(String entryPoint, List<String> arguments, Map<String, String> environment) {
        return new LaunchPlan(
                MemoryArtifacts.PROJECT,
                entryPoint,
                arguments,
                Map.of(),
                environment,
                StepArgumentsTest.plan(Layout.UNCHANGED, Mode.CLIENT, entryPoint, Map.of())
                        .launch());
    }

    private static JobRules rules() {
        return StepArgumentsTest.rules(Runtime.YARN, List.of(), null);
    }

    private Ended run(LaunchPlan plan, JobRules rules, Map<String, String> project) throws Exception {
        stage(plan, rules, project);
        return scripts.run(step, environment, command(plan, rules));
    }

    private static List<String> command(LaunchPlan plan, JobRules rules) {
        return StepArgumentsTest.step(plan, rules).arguments();
    }

    private void stage(LaunchPlan plan, JobRules rules, Map<String, String> project) throws IOException {
        for (NodeProgram program : List.of(NodeProgram.launcher(), NodeProgram.live(), NodeProgram.primaryNode())) {
            Files.write(bucket.resolve(program.name().fileName()), program.content());
        }
        Files.write(
                bucket.resolve(ArtifactName.launch(StepArgumentsTest.KEY).fileName()),
                StepArgumentsTest.launchFile(plan, rules));
        Path zip = bucket.resolve(ArtifactName.project(plan.projectId()).fileName());
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : new TreeMap<>(project).entrySet()) {
                entries.putNextEntry(new ZipEntry(file.getKey()));
                entries.write(file.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(step)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
