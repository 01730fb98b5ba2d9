package io.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The script {@code verify}, with stand-ins for the programs it starts: what it does about JavaScript and CSS, and beside the build. */
class VerifyScriptTest {

    private static final Path CHECKS = Path.of("src/checks");

    @TempDir
    private Path folder;

    private record Outcome(int exit, String output) {}

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectories(folder.resolve("src/checks"));
        Files.createDirectories(folder.resolve("bin"));
        Files.copy(Path.of("verify"), folder.resolve("verify"));
        Files.copy(CHECKS.resolve("package-lock.json"), folder.resolve("src/checks/package-lock.json"));
        for (String real : List.of("dirname", "cmp", "cp", "mkdir", "id", "mktemp", "cat", "rm", "grep")) {
            program(real, "exec " + find(real) + " \"$@\"");
        }
        for (String missing : List.of("node", "chromium", "python3")) {
            program(missing, "exit 0");
        }
        program("mvn", "case \"$*\" in *verify*) echo mvn ran;; esac");
        program("npm", "echo npm $3 $4 $5; [ $3 != ci ] || mkdir -p src/checks/node_modules");
    }

    @Test
    void checksScriptsAndStylesBeforeAnythingElse() throws Exception {
        Outcome outcome = verify(Map.of());
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        assertThat(outcome.output().lines()).containsExactly("npm ci", "npm run --silent check", "mvn ran");
    }

    @Test
    void installsAgainOnlyWhenTheLockHasChanged() throws Exception {
        verify(Map.of());
        assertThat(verify(Map.of()).output().lines()).containsExactly("npm run --silent check", "mvn ran");
        Files.writeString(folder.resolve("src/checks/package-lock.json"), "{}");
        assertThat(verify(Map.of()).output()).contains("npm ci");
    }

    @Test
    void failsWhenACheckFails() throws Exception {
        program("npm", "[ $3 != ci ] || { mkdir -p src/checks/node_modules; exit 0; }; echo not formatted; exit 1");
        Outcome outcome = verify(Map.of());
        assertThat(outcome.exit()).isNotZero();
        assertThat(outcome.output()).contains("not formatted").doesNotContain("mvn ran");
    }

    @Test
    void failsWhenTheTestsOfTheClientFailBesideTheBuild() throws Exception {
        program("python3", "case \"$*\" in *unittest*) echo one test is red; exit 1;; esac");
        Outcome outcome = verify(Map.of());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output()).contains("mvn ran", "the tests of the client failed", "one test is red");
    }

    @Test
    void failsWhenTheSecondCompilerRefusesSomethingBesideTheBuild() throws Exception {
        program(
                "mvn",
                "case \"$*\" in *target/checked*) echo WARNING; echo may be null; exit 1;; *verify*) echo mvn ran;; esac");
        Outcome outcome = verify(Map.of());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.output())
                .contains("mvn ran", "Error Prone has refused something", "may be null")
                .doesNotContain("WARNING");
    }

    /** Where nothing was fetched before, the second compiler begins when the build has fetched what both need. */
    @Test
    void checksAfterTheBuildWhatCannotBeCheckedBesideIt() throws Exception {
        program(
                "mvn",
                "case \"$*\" in *target/checked*-o*) echo cannot access it in offline mode; exit 1;;"
                        + " *target/checked*) echo may be null; exit 1;; *verify*) echo mvn ran;; esac");
        Outcome refused = verify(Map.of());
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.output())
                .containsSubsequence("mvn ran", "Error Prone has refused something", "may be null")
                .doesNotContain("offline mode");
        program(
                "mvn",
                "case \"$*\" in *target/checked*-o*) echo cannot access it in offline mode; exit 1;;"
                        + " *target/checked*) ;; *verify*) echo mvn ran;; esac");
        assertThat(verify(Map.of()).exit()).isZero();
    }

    @Test
    void failsAsTheBuildDoes() throws Exception {
        program("mvn", "exit 3");
        assertThat(verify(Map.of()).exit()).isEqualTo(3);
    }

    @Test
    void failsInCiWhenTheChecksCannotBeInstalled() throws Exception {
        program("npm", "exit 1");
        Outcome outcome = verify(Map.of("CI", "true"));
        assertThat(outcome.exit()).isNotZero();
        assertThat(outcome.output())
                .contains("JavaScript and CSS are not checked")
                .doesNotContain("mvn ran");
    }

    @Test
    void failsInCiWhenNodeIsMissing() throws Exception {
        Files.delete(folder.resolve("bin/node"));
        Files.delete(folder.resolve("bin/npm"));
        Outcome outcome = verify(Map.of("CI", "true"));
        assertThat(outcome.exit()).isNotZero();
        assertThat(outcome.output()).contains("nodejs npm is missing").doesNotContain("mvn ran");
    }

    @Test
    void saysElsewhereThatItSkipsThem() throws Exception {
        program("npm", "exit 1");
        Outcome outcome = verify(Map.of());
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.output()).contains("the check of JavaScript and CSS is skipped", "mvn ran");
    }

    @Test
    void theProgramsArePinnedAndNameNoHost() throws IOException {
        JsonNode versions = JsonMapper.shared()
                .readTree(Files.readString(CHECKS.resolve("package.json")))
                .path("devDependencies");
        assertThat(versions.propertyNames()).isNotEmpty();
        versions.forEach(version -> assertThat(version.asString()).matches("\\d+\\.\\d+\\.\\d+"));
        JsonNode lock = JsonMapper.shared().readTree(Files.readString(CHECKS.resolve("package-lock.json")));
        assertThat(lock.findValues("resolved")).isEmpty();
        assertThat(lock.findValues("integrity")).isNotEmpty();
    }

    private Outcome verify(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "verify")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", folder.resolve("bin").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(folder.resolve("output")));
    }

    private void program(String name, String script) throws IOException {
        Path file = folder.resolve("bin/" + name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path find(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(each -> Path.of(each, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }
}
