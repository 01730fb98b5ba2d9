package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.Databases;
import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.environments.PackageIndex;
import io.slipway.environments.PackageIndex.Fault;
import io.slipway.environments.Wheel;
import io.slipway.project.archive.ZipFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Projects with requirements, on this machine, by real pip from an index on loopback that wants a login. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "slipway.clusters.local.local.parallelism=3",
            "slipway.environments.network-timeout=1s",
            "slipway.environments.pause=10ms",
            "slipway.environments.local.user=" + PackageIndex.USER,
            "slipway.environments.local.password=" + PackageIndex.PASSWORD
        })
@DirtiesContext
@Tag("full")
class EnvironmentsServiceTest {

    private static final PackageIndex INDEX = PackageIndex.withLogin()
            .with(
                    Wheel.of("lib_a", "1.0")
                            .requires("lib_b>=2")
                            .script("lib-a", "lib_a:main")
                            .file("lib_a.py", "import sys\nVERSION = '1.0'\ndef main():\n    print('a', sys.prefix)\n"),
                    Wheel.of("lib_a", "2.0").requires("lib_b>=3"),
                    Wheel.of("lib_b", "2.5"),
                    Wheel.of("lib_c", "1.0").requires("lib_missing; python_version < '3'"),
                    Wheel.of("liar", "1.0"),
                    Wheel.of("escapes", "1.0").file("../../../../escaped.txt", "out"),
                    Wheel.of("runs_code", "1.0")
                            .file("runs_code.pth", "import os; os.system('touch /tmp/w-never-$PPID')\n"));

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    private Service client;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        properties.add("slipway.environments.index-url", INDEX::url);
        Databases.h2(folder).configure(properties);
    }

    @BeforeEach
    void connect() {
        client = new Service(port, null);
    }

    @AfterAll
    static void closeIndex() {
        INDEX.close();
    }

    @Test
    void aProjectRunsWithWhatItsRequirementsName() throws Exception {
        String source =
                "import subprocess, lib_a, lib_b\nprint(lib_a.VERSION, lib_b.VERSION, flush=True)\nsubprocess.run(['lib-a'])\n";
        JsonNode job = end(Form.script(source).file("requirementsFile", "requirements.txt", bytes("lib_a==1.0\n")));
        assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
        String home = folder.resolve("home").toRealPath().toString();
        assertThat(client.stdout(job.path("id").asString()))
                .startsWith("1.0 2.5\na ")
                .contains("environments/");
        assertThat(home).isNotEmpty();
        assertThat(job.path("spec").path("launch").path("requirements").asString())
                .isEqualTo("requirements.txt");
        assertThat(job.path("attempt").asInt()).isEqualTo(1);
        secretIsNowhere();
    }

    @Test
    void jobsThatWantTheSameShareOneBuild() throws Exception {
        String requirements = "lib_b  ==  2.5   # the same\n";
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(submit(Form.script("import lib_b, sys; print(sys.prefix)")
                    .file("requirementsFile", "requirements.txt", bytes(i % 2 == 0 ? requirements : "lib-b==2.5"))));
        }
        List<String> prefixes = new ArrayList<>();
        for (String id : ids) {
            assertThat(client.end(id).path("state").asString()).isEqualTo("SUCCEEDED");
            prefixes.add(client.stdout(id));
        }
        assertThat(prefixes).hasSize(4).containsOnly(prefixes.get(0));
        assertThat(INDEX.fetched().stream().filter(path -> path.contains("lib_b")))
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void whatCannotBeResolvedEndsTheJobWithPipsOwnWords() throws Exception {
        JsonNode job = end(Form.script("print(1)").file("requirementsFile", "requirements.txt", bytes("lib_a==2.0\n")));
        assertThat(job.path("state").asString()).isEqualTo("FAILED");
        assertThat(job.path("reason").path("code").asString()).isEqualTo("ENVIRONMENT_FAILED");
        assertThat(job.path("reason").path("message").asString())
                .contains("lib_b>=3")
                .contains("ERROR:");
        assertThat(job.path("runs").isEmpty()).isTrue();

        long asked = INDEX.asked("lib-a");
        JsonNode again =
                end(Form.script("print(2)").file("requirementsFile", "requirements.txt", bytes("lib_a==2.0\n")));
        assertThat(again.path("reason").path("code").asString()).isEqualTo("ENVIRONMENT_FAILED");
        assertThat(INDEX.asked("lib-a")).as("remembered").isEqualTo(asked);
    }

    @Test
    void anIndexThatIsDownForAWhileIsAskedAgainAndCostsNoAttempt() throws Exception {
        Wheel late = Wheel.of("late_" + token(), "1.0");
        INDEX.with(late).fault(late.name().replace('_', '-'), Fault.DOWN);
        String id = submit(Form.script("import sys; print('ran')")
                .file("requirementsFile", "requirements.txt", bytes(late.name())));
        byte[] zip = ZipFixture.zip()
                .file("main.py", "import " + late.name())
                .file("requirements.txt", late.name())
                .bytes();
        String found = submit(Form.project("found.zip", zip));
        await(() -> INDEX.asked(late.name().replace('_', '-')) >= 3);
        INDEX.mended(late.name().replace('_', '-'));
        for (String each : List.of(id, found)) {
            JsonNode job = client.end(each);
            assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
            assertThat(job.path("attempt").asInt()).isEqualTo(1);
        }
    }

    @Test
    void anIndexThatHangsAndAWheelThatEscapesEndTheJob() throws Exception {
        String hanging = "hangs-" + token();
        INDEX.fault(hanging, Fault.HANGS);
        String slow = submit(Form.script("print(1)").file("requirementsFile", "requirements.txt", bytes(hanging)));
        JsonNode escaped = end(Form.script("print(1)").file("requirementsFile", "requirements.txt", bytes("escapes")));
        assertThat(escaped.path("reason").path("code").asString()).isEqualTo("ENVIRONMENT_FAILED");
        assertThat(escaped.path("reason").path("message").asString()).contains("outside");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(path -> path.endsWith("escaped.txt"))).isEmpty();
        }
        JsonNode hung = client.end(slow);
        assertThat(hung.path("reason").path("code").asString()).isEqualTo("ENVIRONMENT_FAILED");
        assertThat(hung.path("reason").path("message").asString())
                .contains("3 times")
                .contains("could not be reached");
    }

    @Test
    void anIndexThatLiesOrLeadsInCirclesIsNotBelieved() throws Exception {
        INDEX.fault("liar", Fault.LIES);
        JsonNode lied = end(Form.script("print(1)").file("requirementsFile", "requirements.txt", bytes("liar")));
        assertThat(lied.path("reason").path("message").asString()).contains("DO NOT MATCH THE HASHES");
        String round = "round-" + token();
        INDEX.fault(round, Fault.CIRCLES);
        JsonNode circled = end(Form.script("print(1)").file("requirementsFile", "requirements.txt", bytes(round)));
        assertThat(circled.path("reason").path("code").asString()).isEqualTo("ENVIRONMENT_FAILED");
    }

    @Test
    void aWheelOfTheProjectAndALockAreInstalledByTheirHashes() throws Exception {
        Wheel own = Wheel.of("own_" + token(), "1.0");
        Wheel c = Wheel.of("lib_c", "1.0").requires("lib_missing; python_version < '3'");
        byte[] zip = ZipFixture.zip()
                .file("main.py", "import " + own.name() + ", lib_c; print('both')")
                .with(ZipFixture.packed(("wheels/" + own.fileName()).getBytes(StandardCharsets.UTF_8), own.bytes()))
                .file(
                        "requirements.txt",
                        "wheels/" + own.fileName() + "\nlib_c==1.0 --hash=sha256:" + c.sha256() + "\n")
                .bytes();
        JsonNode job = end(Form.project("p.zip", zip));
        assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");

        String lock =
                "lock-version = '1.0'\n[[packages]]\nname='lib_c'\nversion='1.0'\n[[packages.wheels]]\nurl='x'\nhashes={sha256='"
                        + "0".repeat(64) + "'}\n";
        JsonNode wrong = end(Form.script("print(1)").file("requirementsFile", "pylock.toml", bytes(lock)));
        assertThat(wrong.path("reason").path("message").asString()).contains("DO NOT MATCH THE HASHES");
    }

    @Test
    void theLastJobThatWantsABuildCancelsIt() throws Exception {
        String hanging = "waits-" + token();
        INDEX.fault(hanging, Fault.HANGS);
        String id = submit(Form.script("print(1)").file("requirementsFile", "requirements.txt", bytes(hanging)));
        // Those who wait for the job hear of its environment though the job itself does not change.
        Answer waits = client.get("/jobs/" + id);
        while (!waits.json().path("waitingFor").path("state").asString("").equals("BUILDING")) {
            assertThat(waits.json().path("state").asString()).isEqualTo("QUEUED");
            waits = client.get("/jobs/" + id, "Prefer", "wait=30", "If-None-Match", waits.header("ETag"));
        }
        await(() -> INDEX.asked(hanging) > 0);
        assertThat(client.post("/jobs/" + id + "/cancel").status()).isEqualTo(200);
        assertThat(client.end(id).path("state").asString()).isEqualTo("CANCELLED");
        await(() -> {
            try (Stream<Path> files = Files.walk(folder.resolve("home/environments"), 2)) {
                return files.anyMatch(path -> path.endsWith("cancel"));
            }
        });
    }

    @Test
    void mistakesAreToldAtOnce() throws Exception {
        Answer refused = client.post(Form.script("print(1)")
                .file("requirementsFile", "requirements.txt", bytes("--extra-index-url https://x/simple\nlib_a\n")));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("requirements.txt:1").contains("slipway.environments.index-url");
        assertThat(client.post(Form.script("print(1)").field("requirements", "missing.txt"))
                        .status())
                .isEqualTo(422);
        JsonNode none = end(Form.script("print(1)").field("requirements", "none"));
        assertThat(none.path("state").asString()).isEqualTo("SUCCEEDED");
    }

    private void secretIsNowhere() throws Exception {
        try (Stream<Path> files = Files.walk(folder.resolve("home/environments"))) {
            for (Path file :
                    files.filter(Files::isRegularFile).filter(Files::isReadable).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(PackageIndex.PASSWORD);
            }
        }
    }

    private JsonNode end(Form form) throws Exception {
        return client.end(submit(form));
    }

    private String submit(Form form) throws Exception {
        Answer answer = client.post(form);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("id").asString();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        for (int i = 0; i < 600; i++) {
            if (condition.holds()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("it did not come to that");
    }

    private static String token() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
