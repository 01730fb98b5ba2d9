package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
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

/** {@code examples/ci.sh} against the real jar. */
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CiScriptIT {

    private static final String TOKEN = "a-token-that-nobody-may-see";
    private static final Path SCRIPT = Path.of("examples/ci.sh").toAbsolutePath();
    private static final Path WORD_REPORT = Path.of("examples/word-report").toAbsolutePath();

    private Path folder;

    private ServiceProcess service;

    @BeforeAll
    void startTheService(@TempDir Path shared) throws Exception {
        folder = shared;
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.UTF_8));
        service = new ServiceProcess(
                        ServiceJar.file(),
                        folder.resolve("home"),
                        "slipway.security.tokens.ci=" + HexFormat.of().formatHex(hash))
                .withToken(TOKEN)
                .start();
    }

    @AfterAll
    void stopTheService() throws InterruptedException {
        service.close();
    }

    @Test
    void printsWhatTheJobPrintedAndFindsTheSameJobWhenItIsRunAgain() throws Exception {
        Map<String, String> run = Map.of("GITHUB_RUN_ID", "17", "GITHUB_JOB", "report");
        int before = service.jobs().size();

        try (ScriptProcess first = ci(run, WORD_REPORT);
                ScriptProcess again = ci(run, WORD_REPORT)) {
            assertThat(first.exitStatus()).as(first.err()).isZero();
            assertThat(again.exitStatus()).as(again.err()).isZero();
            assertThat(first.out()).startsWith("Words of the yard\n").isEqualTo(again.out());
        }
        assertThat(service.jobs()).hasSize(before + 1);

        try (ScriptProcess next = ci(Map.of("GITHUB_RUN_ID", "18", "GITHUB_JOB", "report"), WORD_REPORT)) {
            assertThat(next.exitStatus()).as(next.err()).isZero();
        }
        assertThat(service.jobs()).hasSize(before + 2);
    }

    @Test
    void exitsAsTheProjectDidAndShowsItsTraceback() throws Exception {
        try (ScriptProcess broken = ci(Map.of(), project("broken", "raise ValueError('a wrong number')\n"));
                ScriptProcess seven = ci(Map.of(), project("seven", "import sys\nsys.exit(7)\n"))) {
            assertThat(broken.exitStatus()).as(broken.err()).isEqualTo(1);
            assertThat(broken.err()).contains("FAILED RUN_FAILED", "Traceback", "ValueError: a wrong number");
            assertThat(seven.exitStatus()).as(seven.err()).isEqualTo(7);
        }
    }

    @Test
    void saysWhyASubmissionIsRefused() throws Exception {
        try (ScriptProcess refused = ci(Map.of(), WORD_REPORT, "--form-string", "entrypoint=main.py");
                ScriptProcess stranger = ci(Map.of("SLIPWAY_TOKEN", "wrong"), WORD_REPORT)) {
            assertThat(refused.exitStatus()).isEqualTo(65);
            assertThat(refused.err()).contains("entrypoint", "entryPoint");
            assertThat(stranger.exitStatus()).isEqualTo(65);
            assertThat(stranger.err()).contains("401");
        }
    }

    @Test
    void joinsItsJobAfterItWasKilledAndNeverShowsTheToken() throws Exception {
        Path go = folder.resolve("go");
        Path project = project("waits", waitFor(go) + "print('went on')\n");
        Map<String, String> key = Map.of("SLIPWAY_KEY", "killed-in-between");
        int before = service.jobs().size();

        try (ScriptProcess first = ci(key, project)) {
            first.awaitPrinted("RUNNING");
            assertThat(commandLines())
                    .anyMatch(line -> line.contains("Prefer: wait"))
                    .noneMatch(line -> line.contains(TOKEN));
            first.kill();
        }
        try (ScriptProcess again = ci(key, project)) {
            again.awaitPrinted("was submitted before");
            Files.createFile(go);
            assertThat(again.exitStatus()).as(again.err()).isZero();
            assertThat(again.out()).isEqualTo("went on\n");
        }
        assertThat(service.jobs()).hasSize(before + 1);
    }

    @Test
    void waitsOnWhileTheServiceIsAway() throws Exception {
        Path go = folder.resolve("go-away");
        int before = service.jobs().size();
        try (ScriptProcess script = ci(Map.of(), project("outlives", waitFor(go) + "print('still here')\n"))) {
            script.awaitPrinted("RUNNING");
            service.kill();
            service.awaitEnd();
            script.awaitPrinted("no answer yet");
            Files.createFile(go);
            service.start();
            assertThat(script.exitStatus()).as(script.err()).isZero();
            assertThat(script.out()).isEqualTo("still here\n");
        }
        assertThat(service.jobs()).hasSize(before + 1);
    }

    @Test
    void saysThatACancelledJobWasCancelled() throws Exception {
        try (ScriptProcess script = ci(Map.of(), project("cancelled", waitFor(folder.resolve("never"))))) {
            script.awaitPrinted("RUNNING");
            String id = service.jobs().get(0).get("id").asString();
            assertThat(service.post("/jobs/" + id + "/cancel").statusCode()).isEqualTo(200);
            assertThat(script.exitStatus()).as(script.err()).isEqualTo(2);
        }
    }

    private ScriptProcess ci(Map<String, String> environment, Path project, String... options) throws IOException {
        Map<String, String> all =
                new HashMap<>(Map.of("SLIPWAY_URL", service.url(), "SLIPWAY_TOKEN", TOKEN, "SLIPWAY_PATIENCE", "120"));
        all.putAll(environment);
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), project.toString()));
        command.addAll(List.of(options));
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

    private static List<String> commandLines() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> all().stream().anyMatch(line -> line.contains("Prefer: wait")));
        return all();
    }

    private static List<String> all() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .toList();
    }
}
