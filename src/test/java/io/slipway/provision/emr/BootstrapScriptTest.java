package io.slipway.provision.emr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our bootstrap action, run by a real bash on a node whose package managers, pip and shutdown are stubs that write down how they were called. */
class BootstrapScriptTest {

    /** A Python that can make an environment, whose own Python is the same. */
    private static final String PYTHON = """
            #!/bin/bash
            echo "$(basename "$0") $*" >> "%1$s/calls"
            case "$1 ${2:-}" in
              "--version ") echo "Python 3.x" ;;
              "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
              "-m pip") [ ! -e "%1$s/pip-fails" ] || exit 1 ;;
            esac
            """;

    @TempDir
    private Path folder;

    private Path root;
    private Path bin;

    @BeforeEach
    void node() throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        bin = Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("calls"), "");
        stub("sudo", "exec \"$@\"");
        stub("shutdown", "echo \"shutdown $*\" >> " + folder + "/calls");
        for (String manager : List.of("yum", "dnf", "amazon-linux-extras")) {
            stub(manager, """
                    echo "%1$s $*" >> %2$s/calls
                    [ ! -e %2$s/locked ] || { rm %2$s/locked; exit 1; }
                    for package in "$@"; do
                      case "$package" in python3*) cp %2$s/python %3$s/"$package" ;; esac
                    done""".formatted(manager, folder, bin));
        }
        Path python = folder.resolve("python");
        Files.writeString(python, PYTHON.formatted(folder));
        assertThat(python.toFile().setExecutable(true)).isTrue();
    }

    private void stub(String name, String body) throws IOException {
        Path stub = Files.writeString(bin.resolve(name), "#!/bin/bash\n" + body + "\n");
        assertThat(stub.toFile().setExecutable(true)).isTrue();
    }

    private void linux(String id, String version) throws IOException {
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/os-release"), "ID=\"" + id + "\"\nVERSION_ID=\"" + version + "\"\n");
    }

    private void primary(boolean isMaster) throws IOException {
        Files.createDirectories(root.resolve("mnt/var/lib/info"));
        Files.writeString(root.resolve("mnt/var/lib/info/instance.json"), "{\"isMaster\": " + isMaster + "}");
    }

    private void has(String python) throws IOException {
        Files.copy(folder.resolve("python"), bin.resolve(python));
    }

    private record Ran(int status, String log, List<String> calls) {}

    private Ran run(String... arguments) throws IOException, InterruptedException {
        Path script = Files.write(
                folder.resolve("bootstrap.sh"), BootstrapScript.load().content());
        List<String> command = new ArrayList<>(List.of("/bin/bash", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        // Only what is needed of this machine's own tools: none of its Pythons.
        for (String tool :
                List.of("mkdir", "cp", "rm", "cat", "tee", "chmod", "dirname", "basename", "grep", "sleep")) {
            stub(tool, "exec " + tool(tool) + " \"$@\"");
        }
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("SLIPWAY_BOOTSTRAP_ROOT", root.toString());
        builder.environment().put("SLIPWAY_BOOTSTRAP_PAUSE", "0");
        Process process = builder.start();
        String log = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), log, Files.readAllLines(folder.resolve("calls")));
    }

    private static Path tool(String name) {
        Path usual = Path.of("/usr/bin", name);
        return Files.exists(usual) ? usual : Path.of("/bin", name);
    }

    @Test
    void onAmazonLinux2023AnotherPythonComesByDnfAndThePackagesIntoAnEnvironmentOfTheirOwn() throws Exception {
        linux("amzn", "2023");
        primary(false);

        Ran ran = run("--python", "3.11", "--life", "1500", "--packages", "numpy<3", "pandas");

        assertThat(ran.status()).as(ran.log()).isZero();
        assertThat(ran.calls())
                .contains("dnf install -y python3.11")
                .contains(
                        "python -m pip install --no-input --disable-pip-version-check --no-cache-dir --only-binary :all:"
                                + " numpy<3 pandas")
                .noneMatch(call -> call.startsWith("yum") || call.startsWith("shutdown"));
        assertThat(ran.log())
                .contains("AL2023", "no primary node: no timer", "installed: numpy<3 pandas", "slipway: done");
        assertThat(root.resolve("opt/slipway/python/bin/python")).isExecutable();
    }

    @Test
    void onAmazonLinux2ItComesByExtrasOrYum() throws Exception {
        linux("amzn", "2");
        assertThat(run("--python", "3.8").calls()).contains("amazon-linux-extras install -y python3.8");
        Files.delete(bin.resolve("python3.8"));

        assertThat(run("--packages", "numpy").calls()).contains("yum install -y python3");
    }

    @Test
    void whatTheReleaseHasIsNotInstalledAgain() throws Exception {
        linux("amzn", "2023");
        has("python3.11");

        Ran ran = run("--python", "3.11");

        assertThat(ran.calls()).noneMatch(call -> call.startsWith("dnf"));
        assertThat(ran.log()).contains("python3.11 is there");
    }

    @Test
    void itMayRunAgain() throws Exception {
        linux("amzn", "2023");
        has("python3.11");
        run("--python", "3.11", "--packages", "numpy");
        Files.writeString(folder.resolve("calls"), "");

        Ran again = run("--python", "3.11", "--packages", "numpy");

        assertThat(again.status()).isZero();
        assertThat(again.calls()).noneMatch(call -> call.contains("venv") || call.contains("pip"));
        assertThat(again.log()).contains("the environment is there");
    }

    @Test
    void thePrimaryNodeShutsDownAfterTheLongestLife() throws Exception {
        linux("amzn", "2023");
        primary(true);

        Ran ran = run("--life", "1500");

        assertThat(ran.status()).isZero();
        assertThat(ran.calls()).singleElement().asString().startsWith("shutdown -h +1500");
        assertThat(root.resolve("opt")).as("the release's own Python is enough").doesNotExist();
    }

    @Test
    void aLockedPackageManagerIsWaitedFor() throws Exception {
        linux("amzn", "2023");
        Files.writeString(folder.resolve("locked"), "");

        Ran ran = run("--python", "3.12");

        assertThat(ran.status()).as(ran.log()).isZero();
        assertThat(ran.log()).contains("failed (try 1 of 5)", "python3.12 was installed");
    }

    @Test
    void whatCannotBeInstalledFailsTheNodeAndSaysWhat() throws Exception {
        linux("amzn", "2023");
        has("python3");
        Files.writeString(folder.resolve("pip-fails"), "");

        Ran ran = run("--packages", "nowhere");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.log()).contains("pip could not install: nowhere");
    }

    @Test
    void anotherLinuxIsRefused() throws Exception {
        linux("debian", "12");

        Ran ran = run("--python", "3.11");

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.log()).contains("this is debian 12, not Amazon Linux 2 or 2023");
    }
}
