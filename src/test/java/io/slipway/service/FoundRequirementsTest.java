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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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

/**
 * Requirements that nobody named, by real pip, where the settings name no index: pip is configured for one on loopback that can be away.
 * Each test has a cluster of its own, since what is learned of an index is remembered for its cluster.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "slipway.clusters.away.local.parallelism=2",
            "slipway.clusters.there.local.parallelism=2",
            "slipway.clusters.own.local.parallelism=2",
            "slipway.default-cluster=there",
            "slipway.environments.network-timeout=1s"
        })
@DirtiesContext
@Tag("full")
class FoundRequirementsTest {

    private static final PackageIndex INDEX =
            PackageIndex.open().with(Wheel.of("lib_away", "1.0"), Wheel.of("lib_there", "1.0"));

    private static final String WHERE = "import sys; print('own' if sys.prefix == sys.base_prefix else 'built')\n";

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    private Service client;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry properties) {
        properties.add("slipway.home", () -> folder.resolve("home"));
        properties.add("slipway.compute.local.python", () -> python().toString());
        Databases.h2(folder).configure(properties);
    }

    /** The interpreter, with a user's own packages and configuration of pip. */
    private static Path python() {
        try {
            List<String> real = ask("import sys; print(sys.executable); print('%d.%d' % sys.version_info[:2])");
            Path user = folder.resolve("user");
            Path info =
                    user.resolve(".local/lib/python" + real.get(1) + "/site-packages/lib_own-1.5.dist-info/METADATA");
            Files.createDirectories(info.getParent());
            Files.writeString(info, "Metadata-Version: 2.1\nName: lib_own\nVersion: 1.5\n");
            Files.writeString(info.resolveSibling("../lib_own.py").normalize(), "VERSION = '1.5'\n");
            Path script = folder.resolve("python");
            Files.writeString(
                    script,
                    "#!/bin/sh\nunset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL\nexport PIP_CONFIG_FILE=/dev/null PIP_INDEX_URL="
                            + INDEX.url() + " HOME=" + user + "\nexec " + real.get(0) + " \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            return script;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> ask(String program) throws IOException {
        Process asked = new ProcessBuilder("python3", "-c", program).start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
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
    void whatNobodyNamedIsInstalledFromTheIndexOfPip() throws Exception {
        JsonNode job = end(project("import lib_there\n" + WHERE, "lib_there\n").field("cluster", "there"));

        assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
        assertThat(client.stdout(job.path("id").asString())).isEqualTo("built\n");
        JsonNode launch = job.path("spec").path("launch");
        assertThat(launch.path("requirements").asString()).isEqualTo("requirements.txt");
        assertThat(launch.path("requirementsFound").asBoolean()).isTrue();
    }

    @Test
    void whatNobodyNamedIsLeftOutWhereTheIndexIsAwayAndTheNextJobsDoNotWait() throws Exception {
        INDEX.fault("lib-away", Fault.DOWN);
        Form sent = project(WHERE, "lib_away\n").field("cluster", "away");
        assertThat(plan(sent).path("findings").findValuesAsString("code")).doesNotContain("requirements-not-installed");

        JsonNode first = end(sent);

        assertThat(first.path("state").asString()).as(first.toString()).isEqualTo("SUCCEEDED");
        assertThat(client.stdout(first.path("id").asString())).isEqualTo("own\n");
        assertThat(first.path("links").has("environment")).isFalse();
        assertThat(events(first))
                .contains(
                        "It runs with the cluster's own packages: what requirements.txt names, which nobody asked for, is not"
                                + " installed. The index of packages cannot be reached from cluster away.");
        assertThat(plan(sent).path("findings").valueStream())
                .filteredOn(finding -> finding.path("code").asString().equals("requirements-not-installed"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.path("what").asString())
                        .contains("could not be reached from cluster away", "the cluster's own packages"));

        Form namesNothing = project(WHERE, "# nothing yet\n").field("cluster", "away");
        assertThat(plan(namesNothing).path("findings").findValuesAsString("code"))
                .doesNotContain("requirements-not-installed");

        JsonNode next = end(project(WHERE, "lib_next\n").field("cluster", "away"));
        assertThat(client.stdout(next.path("id").asString())).isEqualTo("own\n");
        assertThat(INDEX.asked("lib-next")).isZero();

        INDEX.mended("lib-away");
        JsonNode named =
                end(project(WHERE, "lib_away\n").field("cluster", "away").field("requirements", "requirements.txt"));
        assertThat(client.stdout(named.path("id").asString())).isEqualTo("built\n");
        JsonNode last = end(sent);
        assertThat(client.stdout(last.path("id").asString())).isEqualTo("built\n");
    }

    @Test
    void whatCannotBeResolvedEndsTheJobThoughNobodyNamedIt() throws Exception {
        JsonNode job = end(project(WHERE, "lib_there==9\n").field("cluster", "there"));

        assertThat(job.path("reason").path("code").asString()).isEqualTo("ENVIRONMENT_FAILED");
        assertThat(job.path("reason").path("message").asString()).contains("lib-there==9");
    }

    @Test
    void whatThePythonOfTheMachineHasIsNotInstalledASecondTime() throws Exception {
        JsonNode named = end(project("import lib_own\n" + WHERE, "lib_own>=1\n")
                .field("cluster", "own")
                .field("requirements", "requirements.txt"));

        assertThat(named.path("state").asString()).as(named.toString()).isEqualTo("SUCCEEDED");
        assertThat(client.stdout(named.path("id").asString())).isEqualTo("own\n");
        assertThat(events(named)).contains("The Python that it runs in has all that it requires");
        assertThat(named.path("links").has("environment")).isFalse();
        assertThat(INDEX.asked("lib-own")).isZero();
    }

    @Test
    void whatCannotBeTakenIsLeftOutWhereNobodyNamedItAndThePlanSaysWhy() throws Exception {
        Form sent = project(WHERE, "-e .\n").field("cluster", "there");
        assertThat(plan(sent).path("findings").valueStream())
                .filteredOn(finding -> finding.path("code").asString().equals("requirements-not-installed"))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.toString()).contains("requirements.txt:1", "editable", "requirements=none"));

        JsonNode job = end(sent);

        assertThat(client.stdout(job.path("id").asString())).isEqualTo("own\n");
        assertThat(client.post(sent.field("requirements", "requirements.txt")).status())
                .as("who names it wants it")
                .isEqualTo(422);
    }

    private static Form project(String source, String requirements) {
        byte[] zip = ZipFixture.zip()
                .file("main.py", source)
                .file("requirements.txt", requirements)
                .bytes();
        return Form.project("found.zip", zip);
    }

    private JsonNode plan(Form form) throws Exception {
        Answer answer = client.send(client.request("/plans")
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body())));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private String events(JsonNode job) throws Exception {
        return client.get("/jobs/" + job.path("id").asString() + "/events").text();
    }

    private JsonNode end(Form form) throws Exception {
        Answer answer = client.post(form);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return client.end(answer.json().path("id").asString());
    }
}
