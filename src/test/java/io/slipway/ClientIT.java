package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The client as the real jar hands it out, against the jar. What needs no service is tested in {@code client/tests}. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientIT {

    private static final String TOKEN = "a-token-that-nobody-may-see";

    private Path folder;
    private Path client;
    private ServiceProcess service;

    @BeforeAll
    void installsTheClientAsPeopleDo(@TempDir Path shared) throws Exception {
        folder = shared;
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.UTF_8));
        service = new ServiceProcess(
                        ServiceJar.file(),
                        folder.resolve("home"),
                        "slipway.security.tokens.ci=" + HexFormat.of().formatHex(hash))
                .withToken(TOKEN)
                .start();
        // Without a token.
        HttpResponse<byte[]> file = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(service.url() + "/slipway"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.body()).isEqualTo(Files.readAllBytes(Path.of("client/slipway")));
        client = Files.write(folder.resolve("slipway"), file.body());
    }

    @AfterAll
    void stopTheService() throws InterruptedException {
        service.close();
    }

    @Test
    void runsAProjectAndSendsItOnce() throws Exception {
        Path report = Path.of("examples/word-report").toAbsolutePath();
        try (ScriptProcess first = slipway(Map.of(), "run", report.toString())) {
            assertThat(first.exitStatus()).as(first.err()).isZero();
            assertThat(first.out()).startsWith("Words of the yard\n");
            assertThat(first.err()).contains("SUCCEEDED").doesNotContain(TOKEN, "Traceback");
        }
        int before = service.jobs().size();
        try (ScriptProcess again = slipway(Map.of(), "run", report.toString())) {
            assertThat(again.exitStatus()).as(again.err()).isZero();
        }
        assertThat(service.jobs()).as("tomorrow's run is a new job").hasSize(before + 1);
        assertThat(service.jobs())
                .extracting(job -> job.path("spec").path("project").asString())
                .contains(dryRun(report));
    }

    @Test
    void goesOnWhereItWasWhenTheServiceIsKilledAndExitsAsTheJob() throws Exception {
        Path go = folder.resolve("go");
        Path project = project("seven", "print('first', flush=True)\n" + waitFor(go) + "print('last')\nexit(7)\n");
        int before = service.jobs().size();
        try (ScriptProcess run = slipway(Map.of(), "run", project.toString())) {
            run.awaitPrinted("first");
            service.kill();
            service.awaitEnd();
            run.awaitPrinted("no answer yet");
            Files.createFile(go);
            service.start();
            assertThat(run.exitStatus()).as(run.err()).isEqualTo(7);
            assertThat(run.out()).isEqualTo("first\nlast\n");
        }
        assertThat(service.jobs()).hasSize(before + 1);
    }

    @Test
    void detachesOnCtrlCAndFindsItsJobAgain() throws Exception {
        Path go = folder.resolve("go-on");
        Path project = project("detached", "print('first', flush=True)\n" + waitFor(go) + "print('last')\n");
        int before = service.jobs().size();
        try (ScriptProcess run = slipway(Map.of(), "run", project.toString())) {
            run.awaitPrinted("first");
            run.interrupt();
            assertThat(run.exitStatus()).as(run.err()).isEqualTo(130);
            assertThat(run.err()).contains("detached", "slipway logs -f");
        }
        try (ScriptProcess again = slipway(Map.of(), "run", project.toString())) {
            again.awaitPrinted("submitted before");
            Files.createFile(go);
            assertThat(again.exitStatus()).as(again.err()).isZero();
            assertThat(again.out()).isEqualTo("first\nlast\n");
        }
        assertThat(service.jobs()).hasSize(before + 1);
    }

    @Test
    void saysWhatIsWrongInASentence() throws Exception {
        Path project = project("wrong", "print(1)\n");
        try (ScriptProcess stranger = slipway(Map.of("SLIPWAY_TOKEN", "wrong"), "run", project.toString());
                ScriptProcess refused = slipway(Map.of(), "run", project.toString(), "--entry-point", "none.py")) {
            assertThat(stranger.exitStatus()).isEqualTo(65);
            assertThat(stranger.err()).contains("401", "slipway login").doesNotContain("Traceback");
            assertThat(refused.exitStatus()).isEqualTo(65);
            assertThat(refused.err()).contains("none.py").doesNotContain("Traceback");
        }
    }

    /** The id of the project as the client works it out, which must be that of the service. */
    private String dryRun(Path project) throws Exception {
        try (ScriptProcess listed = slipway(Map.of(), "run", project.toString(), "--dry-run", "--json")) {
            assertThat(listed.exitStatus()).as(listed.err()).isZero();
            return JsonMapper.shared().readTree(listed.out()).path("project").asString();
        }
    }

    private ScriptProcess slipway(Map<String, String> environment, String... words) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of(
                "SLIPWAY_URL",
                service.url(),
                "SLIPWAY_TOKEN",
                TOKEN,
                "SLIPWAY_PATIENCE",
                "120",
                "XDG_STATE_HOME",
                folder.resolve("state").toString(),
                "XDG_CONFIG_HOME",
                folder.resolve("settings").toString()));
        all.putAll(environment);
        List<String> command = new ArrayList<>(List.of("python3", client.toString()));
        command.addAll(List.of(words));
        return ScriptProcess.start(folder, all, command);
    }

    private Path project(String name, String program) throws IOException {
        Path project = Files.createDirectories(folder.resolve("projects").resolve(name));
        Files.writeString(project.resolve("main.py"), program);
        return project;
    }

    private static String waitFor(Path file) {
        return "import os, time\nuntil = time.monotonic() + 120\n"
                + "while not os.path.exists('%s') and time.monotonic() < until:\n    time.sleep(0.05)\n"
                        .formatted(file);
    }
}
