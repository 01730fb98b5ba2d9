package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.FormBody;
import io.slipway.ServiceClient;
import io.slipway.ServiceJar;
import io.slipway.ServiceProcess;
import io.slipway.environments.PackageIndex;
import io.slipway.environments.Wheel;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An environment that is built on this machine by real pip, while the real jar is killed. */
@Tag("full")
class EnvironmentBuildsIT {

    @Test
    @Timeout(400)
    void aBuildOutlivesTheServiceThatBeganItAndIsMadeOnce(@TempDir Path folder) throws Exception {
        Path home = folder.resolve("home");
        try (PackageIndex index = PackageIndex.open().with(Wheel.of("lib_a", "1.0"));
                ServiceProcess service = new ServiceProcess(
                        ServiceJar.file(),
                        home,
                        "slipway.environments.index-url=" + index.url(),
                        "slipway.environments.network-timeout=5m")) {
            CountDownLatch gate = index.gate("lib-a");
            service.start();
            List<String> ids = new ArrayList<>(List.of(submit(service)));
            soon().until(() -> index.asked("lib-a") > 0);
            service.kill();
            service.awaitEnd();

            service.start();
            ids.add(submit(service));
            soon().until(() -> service.json("/jobs/" + ids.get(1)).toString().contains("\"environment\""));
            service.kill();
            service.awaitEnd();

            gate.countDown();
            soon().until(() -> results(home) == 1);
            service.start();

            for (String id : ids) {
                soon().until(() -> !service.json("/jobs/" + id).path("endedAt").isNull());
                JsonNode job = service.json("/jobs/" + id);
                assertThat(job.path("state").asString()).as(job.toString()).isEqualTo("SUCCEEDED");
                assertThat(job.path("attempt").asInt()).isEqualTo(1);
            }
            assertThat(index.asked("lib-a")).as("times that pip asked").isEqualTo(1);
            assertThat(results(home)).isEqualTo(1);
            JsonNode built = service.json("/environments").path("items");
            assertThat(built).hasSize(1);
            assertThat(built.path(0).path("attempt").asInt()).isEqualTo(1);
            assertThat(built.path(0).path("state").asString()).isEqualTo("READY");
        }
    }

    private static String submit(ServiceProcess service) throws IOException {
        HttpResponse<String> accepted = service.post(
                "/jobs",
                new FormBody()
                        .file("project", "main.py", "import lib_a\nprint('ran')\n".getBytes(StandardCharsets.UTF_8))
                        .file("requirementsFile", "requirements.txt", "lib_a\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return ServiceClient.JSON.readTree(accepted.body()).path("id").asString();
    }

    /** Builds that have ended, whether or not the service knows. */
    private static long results(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("environments"), 2)) {
            return files.filter(file -> file.endsWith("result.json")).count();
        }
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(200));
    }
}
