package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code quickstart} in a checkout of its own, with the real jar, and with a Maven and a Spark that are stubs. */
class QuickstartIT {

    private static final Path STUB_PYSPARK =
            Path.of("src/test/resources/stub-pyspark").toAbsolutePath();

    @TempDir
    private Path folder;

    private Path checkout;
    private Path programs;

    @BeforeEach
    void prepareACheckout() throws IOException {
        checkout = folder.resolve("checkout");
        programs = Files.createDirectories(folder.resolve("bin"));
        copy(Path.of("examples"), checkout.resolve("examples"));
        Files.copy(Path.of("quickstart"), checkout.resolve("quickstart"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(Path.of("pom.xml"), checkout.resolve("pom.xml"), StandardCopyOption.COPY_ATTRIBUTES);
        copy(Path.of("src/main/jvm"), checkout.resolve("src/main/jvm"));
        Files.createDirectories(checkout.resolve("target"));
        // Without site-packages: a pyspark that is installed on this machine is not seen.
        program("python3", "exec " + python() + " -S \"$@\"");
        program("mvn", "echo \"mvn called with: $*\" >&2; exit 1");
    }

    @Test
    void staysUntilItIsToldToStopAndEndsWhatRunsOnIt() throws Exception {
        haveTheJar();
        haveSpark();
        haveDataPackages();
        int port = ServiceJar.freePort();
        try (ScriptProcess stays = quickstart("--port", Integer.toString(port))) {
            stays.awaitPrinted("Where to look next");
            assertThat(stays.out())
                    .contains("examples/normal-squares (Spark was found", "on the PATH", "SUCCEEDED")
                    .contains("mean square:", "(expected: about 20.0000)")
                    .contains("The console", "http://localhost:" + port + "/\n")
                    .contains("http://localhost:" + port + "/swagger-ui.html");
            refusesToDisturb(port, stays);

            Path began = folder.resolve("began");
            send(port, "open('%s', 'w').close()\nimport time\ntime.sleep(120)\n".formatted(began));
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(began));
            stays.terminate();

            assertThat(stays.exitStatus()).as(stays.out() + stays.err()).isZero();
            assertThat(stays.out()).contains("Cancelling", "Stopped.");
            assertThat(runsLeft()).isEmpty();
        }
        onceRunsTheOtherExampleWithWhatJavaLearnedInTheFirstStart();
    }

    private void onceRunsTheOtherExampleWithWhatJavaLearnedInTheFirstStart() throws Exception {
        Files.delete(programs.resolve("spark-submit"));
        Path loaded = folder.resolve("loaded");
        try (ScriptProcess again =
                quickstart(Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + loaded), "--once", "--port", "0")) {
            assertThat(again.exitStatus()).as(again.out() + again.err()).isZero();
            assertThat(again.err()).doesNotContain("mvn called");
            assertThat(again.out())
                    .contains("examples/word-report (no Spark was found", "SUCCEEDED", "Words of the yard", "Stopped.");
        }
        assertThat(checkout.resolve("slipway-data/db")).isNotEmptyDirectory();
        try (Stream<String> classes = Files.lines(loaded)) {
            Map<Boolean, Long> shared = classes.collect(
                    Collectors.partitioningBy(line -> line.contains("shared objects file"), Collectors.counting()));
            assertThat(shared.get(true)).isGreaterThan(5 * shared.get(false));
        }
    }

    private void refusesToDisturb(int port, ScriptProcess running) throws Exception {
        try (ScriptProcess sameData = quickstart("--port", "0");
                ScriptProcess samePort =
                        quickstart("--once", "--port", Integer.toString(port), "--home", folder + "/other")) {
            assertThat(sameData.exitStatus()).isEqualTo(2);
            assertThat(sameData.err()).contains("Another quickstart", "http://localhost:" + port, "--home");
            assertThat(samePort.exitStatus()).isEqualTo(2);
            assertThat(samePort.err()).contains("Port " + port + " is taken", "./quickstart --once --port ");
        }
        assertThat(running.out()).doesNotContain("Stopping");
    }

    @Test
    void saysThatAnotherServiceHasTheDatabaseOpen() throws Exception {
        haveTheJar();
        Path home = folder.resolve("home");
        try (Connection other = DriverManager.getConnection("jdbc:h2:file:" + home.resolve("db/slipway"), "sa", "");
                ScriptProcess second = quickstart("--once", "--port", "0", "--home", home.toString())) {
            assertThat(other.isValid(1)).isTrue();
            assertThat(second.exitStatus()).as(second.out() + second.err()).isEqualTo(2);
            assertThat(second.err()).contains("Another Slipway has the database", "--home DIR");
        }
    }

    @Test
    void showsTheEndOfTheLogWhenTheServiceDiesAtStart() throws Exception {
        haveTheJar();
        Path database = Files.createDirectories(folder.resolve("home/db")).resolve("slipway.mv.db");
        Files.writeString(database, "this is no database ".repeat(1000));

        try (ScriptProcess broken = quickstart(
                "--once", "--port", "0", "--home", folder.resolve("home").toString())) {
            assertThat(broken.exitStatus()).isEqualTo(1);
            assertThat(broken.err()).contains("The service ended by itself", "slipway.log", "slipway.mv.db");
        }
    }

    @Test
    void buildsWhatIsMissingWithTheOptionsThatMavenIsGiven() throws Exception {
        try (ScriptProcess build = quickstart(
                Map.of("MAVEN_ARGS", "-s 'my settings.xml'"), "--once", "--port", "0", "-Dmaven.repo.local=repo")) {
            assertThat(build.exitStatus()).isEqualTo(1);
            assertThat(build.err())
                    .contains(
                            "mvn called with: -B -Dmaven.test.skip=true",
                            "-s my settings.xml -Dmaven.repo.local=repo package")
                    .contains("The build failed");
        }
    }

    @Test
    void buildsAgainWhenASourceIsNewerThanTheJar() throws Exception {
        haveTheJar();
        Path source = Files.writeString(checkout.resolve("src/main/New.java"), "class New {}");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));

        try (ScriptProcess build = quickstart("--once", "--port", "0")) {
            assertThat(build.exitStatus()).isEqualTo(1);
            assertThat(build.err()).contains("mvn called with");
        }
    }

    @Test
    void saysWhatIsMissingOnTheMachine() throws Exception {
        Files.delete(programs.resolve("mvn"));
        program("java", "echo '    java.specification.version = 11'");
        try (ScriptProcess old = quickstart(Map.of("JAVA_HOME", ""), "--port", "0")) {
            assertThat(old.exitStatus()).isEqualTo(2);
            assertThat(old.err()).contains("is Java 11", "a JDK of 17 or newer");
        }
        try (ScriptProcess nothing = quickstart(Map.of("JAVA_HOME", folder + "/nowhere"), "--port", "0")) {
            assertThat(nothing.exitStatus()).isEqualTo(2);
            assertThat(nothing.err()).contains("JAVA_HOME (" + folder + "/nowhere)");
        }
        try (ScriptProcess noMaven = quickstart(Map.of(), "--port", "0")) {
            assertThat(noMaven.exitStatus()).isEqualTo(2);
            assertThat(noMaven.err()).contains("Maven (mvn) is not on the PATH");
        }
    }

    private ScriptProcess quickstart(String... options) throws IOException {
        return quickstart(Map.of(), options);
    }

    /** The test's own Java, nothing on the PATH but the programs of this test, and an index of packages that refuses at once. */
    private ScriptProcess quickstart(Map<String, String> environment, String... options) throws IOException {
        Map<String, String> all =
                new HashMap<>(Map.of("PATH", programs.toString(), "JAVA_HOME", System.getProperty("java.home")));
        all.put("PIP_CONFIG_FILE", "/dev/null");
        all.put("PIP_INDEX_URL", "http://127.0.0.1:" + ServiceJar.freePort() + "/simple");
        all.putAll(environment);
        List<String> command =
                new ArrayList<>(List.of(checkout.resolve("quickstart").toString()));
        command.addAll(List.of(options));
        return ScriptProcess.start(folder, all, command);
    }

    /** The interpreter itself: what is on the PATH may be a script that needs the whole PATH. */
    private static String python() throws IOException {
        Process asked = new ProcessBuilder("python3", "-c", "import sys; print(sys.executable)").start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private void haveTheJar() throws IOException {
        Files.copy(ServiceJar.file(), checkout.resolve("target/slipway.jar"));
    }

    private void haveSpark() throws IOException {
        program(
                "spark-submit",
                "while [ \"${1#--}\" != \"$1\" ]; do shift 2; done\n" + "PYTHONPATH=" + STUB_PYSPARK
                        + " PYTHONDONTWRITEBYTECODE=1 exec python3 \"$@\"");
    }

    private void haveDataPackages() throws IOException {
        program(
                "python3",
                "PYTHONPATH=" + DataPackages.folder() + "${PYTHONPATH:+:$PYTHONPATH} exec " + python() + " -S \"$@\"");
    }

    private void program(String name, String script) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.createDirectories(to.resolve(from.relativize(file)).getParent());
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void send(int port, String program) throws Exception {
        FormBody form = new FormBody().file("project", "main.py", program.getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + port + "/jobs"))
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.bytes()))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(202);
    }

    private List<String> runsLeft() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(checkout.toString()) && line.contains("main.py"))
                .toList();
    }
}
