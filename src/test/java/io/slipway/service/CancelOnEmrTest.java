package io.slipway.service;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.api.Service;
import io.slipway.api.Service.Form;
import io.slipway.aws.StepOutput;
import io.slipway.aws.StepScript;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What people see of a cancelled job whose YARN application goes on, in the whole service; and when its secrets leave the bucket. */
@Tag("full")
class CancelOnEmrTest {

    private static final String APPLICATION = "application_1767614400000_0042";

    @TempDir
    private Path home;

    @Test
    void aCancelledJobSaysWhatIsStillRunningUntilThatIsDeadAndItsLaunchFileGoesThen() throws Exception {
        try (ServiceOnAws aws = new ServiceOnAws()) {
            aws.emr.script(name -> name.startsWith("Slipway cleanup")
                    ? StepScript.succeedsAfter(Duration.ofSeconds(4))
                    : StepScript.runsLong());
            aws.start(
                    home,
                    "--slipway.compute.emr.pace=200ms",
                    "--slipway.reconcile.tick=100ms",
                    "--slipway.reconcile.applications=200ms",
                    "--slipway.reconcile.launch-files=100ms");
            Service client = aws.client(null);
            String id = client.post(Form.script("print(1)").field("environment", "SECRET=x"))
                    .json()
                    .path("id")
                    .asString();
            await().atMost(30, SECONDS)
                    .until(() -> job(client, id).path("state").asString().equals("RUNNING"));
            String launch = "slipway/launches/launch_" + id + "-1.json";
            assertThat(aws.s3.keys(ServiceOnAws.BUCKET)).contains(launch);
            assertThat(job(client, id).path("stillRunning")).isEmpty();
            String step = job(client, id).path("runs").get(0).path("remoteId").asString();
            aws.s3.put(
                    ServiceOnAws.BUCKET,
                    "logs/" + ServiceOnAws.CLUSTER + "/steps/" + step + "/stderr.gz",
                    StepOutput.gzip("INFO Client: Submitted application " + APPLICATION + "\n"));

            client.post("/jobs/" + id + "/cancel");
            await().atMost(30, SECONDS)
                    .until(() -> job(client, id).path("state").asString().equals("CANCELLED"));

            await().atMost(30, SECONDS)
                    .untilAsserted(() -> assertThat(job(client, id)
                                    .path("stillRunning")
                                    .path(0)
                                    .path("message")
                                    .asString())
                            .startsWith("Still running on the cluster")
                            .contains(APPLICATION));
            assertThat(job(client, id).path("cleanup").asString()).isEqualTo("waiting");
            assertThat(aws.emr.applications(ServiceOnAws.CLUSTER)).isNotEmpty();
            assertThat(client.get("/ui/jobs/" + id, "Accept", "text/html").text())
                    .contains("Still running on the cluster")
                    .contains(APPLICATION);
            assertThat(aws.s3.keys(ServiceOnAws.BUCKET))
                    .as("an application may still need it")
                    .contains(launch);

            await().atMost(30, SECONDS)
                    .until(() -> job(client, id).path("cleanup").asString().equals("done"));
            assertThat(aws.emr.applications(ServiceOnAws.CLUSTER)).isEmpty();
            assertThat(job(client, id).path("stillRunning")).isEmpty();
            assertThat(client.get("/ui/jobs/" + id, "Accept", "text/html").text())
                    .doesNotContain("Still running on the cluster");
            await().atMost(30, SECONDS)
                    .until(() -> !aws.s3.keys(ServiceOnAws.BUCKET).contains(launch));
        }
    }

    private static JsonNode job(Service client, String id) throws Exception {
        return client.get("/jobs/" + id).json();
    }
}
