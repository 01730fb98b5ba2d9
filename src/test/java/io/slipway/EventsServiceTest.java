package io.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.api.Service;
import io.slipway.api.Service.Form;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.EmrEvents;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.SimulatedSqs;
import io.slipway.aws.StepScript;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service with a queue of EMR's events, set up by its settings alone. */
class EventsServiceTest {

    private static final String CLUSTER = "j-2AXXXXXXGAPLF";

    @TempDir
    private Path home;

    @Test
    void aJobEndsByItsEventAloneAndTheServiceStopsWithoutWaitingForMore() throws Exception {
        Clock clock = Clock.systemUTC();
        try (SimulatedEmr emr = SimulatedEmr.start(clock).withCluster(CLUSTER, 5, null);
                SimulatedS3 s3 = SimulatedS3.start().withBucket("artifacts");
                SimulatedSqs queue = SimulatedSqs.start(clock);
                AwsEnvironment aws = new AwsEnvironment()
                        .withS3(s3.endpoint())
                        .with("aws.endpointUrlEmr", emr.endpoint().toString())
                        .with("aws.endpointUrlSqs", queue.endpoint().toString())) {
            emr.script(name -> StepScript.succeedsAfter(Duration.ofSeconds(1)));
            EmrEvents.connect(emr, queue, clock, Duration.ofMillis(200));
            ConfigurableApplicationContext service = SpringApplication.run(
                    SlipwayApplication.class,
                    "--server.port=0",
                    "--slipway.home=" + home,
                    "--slipway.artifacts.s3.bucket=artifacts",
                    "--slipway.artifacts.s3.path-style=true",
                    "--slipway.clusters.analytics.emr.cluster-id=" + CLUSTER,
                    "--slipway.compute.emr.pace=1h",
                    "--slipway.compute.emr.events.queue-url=" + queue.queueUrl());
            try {
                Service client =
                        new Service(Integer.parseInt(service.getEnvironment().getProperty("local.server.port")), null);
                String id =
                        client.post(Form.script("print(1)")).json().path("id").asString();
                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                    emr.advance();
                    assertThat(client.get("/jobs/" + id).json().path("state").asString())
                            .isEqualTo("SUCCEEDED");
                });
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> queue.bodies().isEmpty());
                assertThat(queue.dead()).isEmpty();
            } finally {
                long began = System.nanoTime();
                service.close();
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            }
        }
    }
}
