package io.slipway.environments.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Python has is told by the Python itself, from what says so in its folders: nothing of it is loaded. */
@Tag("full")
class OwnPackagesTest {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-01-05T12:00:00Z"));

    @TempDir
    Path folder;

    private Path packages;
    private String executable;
    private String version;

    @BeforeEach
    void install() throws Exception {
        List<String> python = ask("import sys; print(sys.executable); print('%d.%d' % sys.version_info[:2])");
        executable = python.get(0);
        version = python.get(1);
        packages = Files.createDirectories(folder.resolve("home/.local/lib/python" + version + "/site-packages"));
        has("Lib.A", "1.5", "lib_b>=2", "extra_one; extra == 'one'", "lib_old; python_version < '3'");
        has("lib_b", "2.5");
        has("lib_rc", "3.0rc1");
    }

    @Test
    void whatIsThereInAVersionThatFitsIsEnough() {
        assertThat(have("lib-a")).isTrue();
        assertThat(have("lib_a>=1,<2", "LIB_B==2.5")).isTrue();
        assertThat(have("lib_a; python_version < '3'", "lib_missing; python_version < '3'"))
                .isTrue();
        assertThat(have("lib_rc>=2")).isTrue();
    }

    @Test
    void whatIsMissingOrDoesNotFitIsNot() throws IOException {
        assertThat(have("lib_missing")).isFalse();
        assertThat(have("lib_a", "lib_missing")).isFalse();
        assertThat(have("lib_a>=2")).isFalse();
        assertThat(have("lib_a[one]")).as("an extra of it is missing").isFalse();
        has("lib_c", "1.0", "lib_b<2");
        assertThat(have("lib_c")).as("what it needs does not fit").isFalse();
        has("extra_one", "1.0");
        clock.advance(Duration.ofMinutes(1));
        assertThat(have("lib_a[one]")).isTrue();
    }

    @Test
    void whatCannotBeComparedIsNot() {
        assertThat(have("lib_a==1.5 --hash=sha256:" + "a".repeat(64))).isFalse();
        assertThat(have("lib_a @ https://example.com/lib_a-1.5-py3-none-any.whl"))
                .isFalse();
        assertThat(have("./wheels/" + "a".repeat(64) + "/lib_a-1.5-py3-none-any.whl"))
                .isFalse();
        assertThat(have("--pre", "lib_a")).isFalse();
    }

    @Test
    void aConstraintHoldsForWhatIsUsed() {
        assertThat(own(Map.of()).have(wanted(List.of("lib_a"), List.of("lib_b<3", "other==1")), null))
                .isTrue();
        assertThat(own(Map.of()).have(wanted(List.of("lib_a"), List.of("lib_b<2")), null))
                .isFalse();
    }

    @Test
    void aLockNamesAllThatIsNeeded() throws IOException {
        has("lib_c", "1.0", "lib_missing");
        Requirements lock = new Requirements(List.of("lib_c==1.0"), List.of(), Map.of(), true);
        assertThat(own(Map.of()).have(lock, null)).isTrue();
        assertThat(have("lib_c==1.0")).isFalse();
    }

    @Test
    void anotherPythonThanTheOneOfRunsIsNotAsked() {
        Requirements wanted = wanted(List.of("lib_a"), List.of());
        assertThat(own(Map.of()).have(wanted, version)).isTrue();
        assertThat(own(Map.of()).have(wanted, "3.2")).isFalse();
        assertThat(own(Map.of("PYSPARK_PYTHON", "/usr/bin/python3")).have(wanted, null))
                .isFalse();
    }

    @Test
    void anAnswerHoldsForAMoment() throws IOException {
        OwnPackages own = own(Map.of());
        Requirements wanted = wanted(List.of("lib_new"), List.of());
        assertThat(own.have(wanted, null)).isFalse();
        has("lib_new", "1");
        assertThat(own.have(wanted, null)).isFalse();
        clock.advance(Duration.ofSeconds(21));
        assertThat(own.have(wanted, null)).isTrue();
    }

    private boolean have(String... lines) {
        return own(Map.of()).have(wanted(List.of(lines), List.of()), null);
    }

    private static Requirements wanted(List<String> lines, List<String> constraints) {
        return new Requirements(lines, constraints, Map.of(), false);
    }

    private OwnPackages own(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("PYSPARK_") || name.equals("SPARK_HOME"));
        environment.put("HOME", folder.resolve("home").toString());
        environment.putAll(more);
        return new OwnPackages(new BuilderProgram(executable, environment), folder.resolve("environments"), clock);
    }

    private void has(String name, String version, String... requires) throws IOException {
        Path info = packages.resolve(name.toLowerCase().replace('.', '_') + "-" + version + ".dist-info");
        StringBuilder text = new StringBuilder("Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n");
        for (String each : requires) {
            text.append("Requires-Dist: ").append(each).append('\n');
        }
        Files.createDirectories(info);
        Files.writeString(info.resolve("METADATA"), text.append("Provides-Extra: one\n"));
    }

    private static List<String> ask(String program) throws IOException {
        Process asked = new ProcessBuilder("python3", "-c", program).start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
