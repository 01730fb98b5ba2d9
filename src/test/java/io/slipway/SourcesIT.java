package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.git.GitHost;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A project of a git host that is slow, while the real jar is killed. */
@Tag("full")
class SourcesIT {

    @Test
    @Timeout(240)
    void aFetchThatWasAcceptedOutlivesTheServiceThatBeganIt(@TempDir Path folder) throws Exception {
        try (GitHost git = GitHost.start(folder.resolve("git"));
                ServiceProcess service = new ServiceProcess(
                        ServiceJar.file(),
                        folder.resolve("home"),
                        "slipway.submission.sources.patience=300ms",
                        "slipway.submission.heartbeat=1s",
                        "slipway.sources.git.allow[0].prefix=" + git.url() + "/team",
                        "slipway.sources.git.allow[0].owners=*",
                        "slipway.sources.git.allow[0].certificate-file=" + git.authority(),
                        "slipway.sources.git.allow[0].addresses=127.0.0.0/8")) {
            String commit = git.repository("team/jobs")
                    .with("main.py", "print('from git')\n")
                    .commit();
            CountDownLatch gate = git.gate("team/jobs");
            service.start();
            HttpResponse<String> accepted =
                    service.post("/jobs", new FormBody().field("project", "git+" + git.url() + "/team/jobs@main"));
            assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
            String id = JsonMapper.shared().readTree(accepted.body()).path("id").asString();
            service.kill();
            service.awaitEnd();
            service.start();
            service.kill();
            service.awaitEnd();
            gate.countDown();
            service.start();
            JsonNode[] job = new JsonNode[1];
            Awaitility.await()
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        job[0] = service.jobs().stream()
                                .filter(each -> each.path("id").asString().equals(id))
                                .findFirst()
                                .orElseThrow();
                        return !job[0].path("endedAt").isNull();
                    });
            assertThat(job[0].path("state").asString()).as(job[0].toString()).isEqualTo("SUCCEEDED");
            assertThat(job[0].path("source").path("version").asString()).isEqualTo(commit);
            assertThat(service.jobs()).hasSize(1);
        }
    }
}
