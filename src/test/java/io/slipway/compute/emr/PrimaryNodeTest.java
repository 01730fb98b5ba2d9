package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.artifacts.ArtifactName;
import io.slipway.compute.JobRules;
import io.slipway.compute.JobRules.Container.Runtime;
import io.slipway.compute.emr.Scripts.Ended;
import io.slipway.project.Launch.Layout;
import io.slipway.project.Launch.Mode;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The step of modes client and container as the primary node runs it: the machine's bash and python3, in a step's folder, with stand-ins
 * for aws, spark-submit and docker on the PATH that note the words they were given.
 */
class PrimaryNodeTest {

    private static final String COPY_FROM_BUCKET = """
            #!/bin/sh
            [ "$1 $2 $3" = "s3 cp --only-show-errors" ] || { echo "unexpected: $*" >&2; exit 9; }
            exec cp "$BUCKET/$(basename "$4")" "$5"
            """;

    /** Starts the driver as spark-submit does in client mode: the process of Python ends, and so does it. */
    private static final String SPARK_SUBMIT = """
            #!/bin/sh
            printf '%s\\n' "$@" > "$NOTES/spark-submit"
            printf '%s' "$SPARK_SUBMIT_OPTS" > "$NOTES/jvm"
            while [ "${1#--}" != "$1" ]; do shift 2; done
            exec "$REAL_PYTHON" "$@"
            """;

    private static final String DOCKER = """
            #!/bin/sh
            [ "$1" = info ] && exit 0
            printf '%s\\n' "$@" > "$NOTES/docker"
            while [ "$1" != --workdir ]; do shift; done
            cd "$2"
            while [ "$1" != IMAGE ] && [ "${1#*scores:1.4}" = "$1" ]; do shift; done
            shift
            exec spark-submit "$@"
            """;

    @TempDir
    private Path root;

    private Path bucket;
    private Path step;
    private Path notes;
    private Scripts scripts;
    private Map<String, String> environment;

    @BeforeEach
    void arrange() throws Exception {
        bucket = Files.createDirectory(root.resolve("bucket"));
        step = Files.createDirectories(root.resolve("steps/s-1"));
        notes = Files.createDirectory(root.resolve("notes"));
        scripts = new Scripts(Files.createDirectory(root.resolve("outputs")));
        String python = scripts.python();
        Path bin = root.resolve("bin");
        Scripts.program(bin.resolve("aws"), COPY_FROM_BUCKET);
        Scripts.program(bin.resolve("spark-submit"), SPARK_SUBMIT);
        Scripts.program(bin.resolve("docker"), DOCKER);
        Scripts.program(bin.resolve("python3"), "#!/bin/sh\nexec " + python + " \"$@\"\n");
        environment = Map.of(
                "PATH",
                bin + ":/usr/bin:/bin",
                "BUCKET",
                bucket.toString(),
                "NOTES",
                notes.toString(),
                "REAL_PYTHON",
                python,
                "SPARK_SUBMIT_OPTS",
                "-Dof.the.node=1");
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
                .contains("project_" + EmrFixture.PROJECT + ".zip#slipway-project")
                .contains("spark.executorEnv.PYTHONPATH=slipway-project");
    }

    @Test
    void nothingIsLeftAndTheExitCodeIsTheProjects() throws Exception {
        Ended ended = run(client("main.py", List.of(), Map.of()), rules(), Map.of("main.py", """
                import os, sys
                os.makedirs('locked')
                open('locked/x', 'w').close()
                os.chmod('locked', 0o500)
                sys.exit(3)
                """));

        assertThat(ended.status()).isEqualTo(3);
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
                EmrFixture.PROJECT,
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
    void aBucketThatDoesNotAnswerFailsTheStepWithASentence() throws Exception {
        LaunchPlan plan = client("main.py", List.of(), Map.of());
        stage(plan, rules(), Map.of("main.py", ""));
        Files.delete(bucket.resolve("project_" + EmrFixture.PROJECT + ".zip"));

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
                .startsWith("run", "--rm", "--init", "--network", "host")
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

    private static LaunchPlan client(String entryPoint, List<String> arguments, Map<String, String> environment) {
        return new LaunchPlan(
                EmrFixture.PROJECT,
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
        for (NodeProgram program : List.of(NodeProgram.launcher(), NodeProgram.primaryNode())) {
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
