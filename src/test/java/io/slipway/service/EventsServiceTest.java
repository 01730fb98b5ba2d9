package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.api.Service;
import io.slipway.api.Service.Form;
import io.slipway.aws.StepScript;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service with a queue of EMR's events. */
class EventsServiceTest {

    @TempDir
    private Path home;

    @Test
    void aJobEndsByItsEventAloneAndTheServiceStopsWithoutWaitingForMore() throws Exception {
        try (ServiceOnAws aws = new ServiceOnAws()) {
            aws.emr.script(name -> StepScript.succeedsAfter(Duration.ofSeconds(1)));
            aws.start(
                    home,
                    "--slipway.compute.emr.pace=1h",
                    "--slipway.compute.emr.events.queue-url=" + aws.queue.queueUrl());
            Service client = aws.client(null);
            String id = client.post(Form.script("print(1)")).json().path("id").asString();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                aws.emr.advance();
                assertThat(client.get("/jobs/" + id).json().path("state").asString())
                        .isEqualTo("SUCCEEDED");
            });
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> aws.queue.bodies().isEmpty());
            assertThat(aws.queue.dead()).isEmpty();

            long began = System.nanoTime();
            aws.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        }
    }
}
