package io.slipway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.api.Service;
import io.slipway.api.Service.Answer;
import io.slipway.api.Service.Form;
import io.slipway.aws.ClusterScript;
import io.slipway.aws.StepScript;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** On an account without a cluster: one is made for a job that waits, and operators see and end it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("full")
class OrderedClustersOverHttpTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String MADE = "/clusters/made";

    private ServiceOnAws aws;
    private Service owner;
    private Service operator;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        aws = new ServiceOnAws();
        aws.emr.script(name -> StepScript.succeedsAfter(Duration.ofMillis(300)));
        aws.emr.clusterScript(name -> ClusterScript.readyAfter(Duration.ofSeconds(6)));
        String template = "--slipway.clusters.made.emr.template.";
        aws.start(
                home,
                "--slipway.security.tokens.ann=" + sha256("ann-token"),
                "--slipway.security.tokens.olga=" + sha256("olga-token"),
                "--slipway.security.operators=olga",
                "--slipway.default-cluster=analytics",
                template + "release=emr-7.14.0",
                template + "instances.primary=m7g.xlarge",
                template + "instances.core.type=m7g.xlarge",
                template + "instances.core.count=2",
                template + "python.packages[0]=numpy==2.0.2",
                template + "python.packages[1]=pandas",
                template + "log-uri=s3://" + ServiceOnAws.BUCKET + "/logs/",
                "--slipway.orphaned-clusters.look=1s",
                "--slipway.reconcile.orphaned-clusters=500ms",
                "--slipway.compute.emr.pace=300ms",
                "--slipway.compute.emr.cluster-age=1s",
                "--slipway.compute.emr.budget.list-clusters.per-second=10",
                "--slipway.compute.emr.budget.describe-cluster.per-second=10",
                "--slipway.compute.emr.budget.list-steps.per-second=10");
        owner = aws.client("ann-token");
        operator = aws.client("olga-token");
    }

    @AfterAll
    void stop() {
        aws.close();
    }

    @Test
    @Order(1)
    void theTemplateIsShownInThreeForms() throws Exception {
        Answer template = operator.get(MADE + "/template");

        assertThat(template.status()).isEqualTo(200);
        assertThat(template.text()).contains("emr-7.14.0", "aws emr create-cluster", "AWS::EMR::Cluster");
        assertThat(operator.get("/clusters/analytics/template").status()).isEqualTo(404);
    }

    @Test
    @Order(1)
    void whatTheReleaseOfATemplateLacksIsKnownBeforeThereIsACluster() throws Exception {
        Form form = Form.script("match 1:\n    case 1:\n        print('one')\n").field("cluster", "made");
        Answer plan = owner.send(owner.request("/plans")
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body())));

        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        assertThat(plan.json()
                        .path("findings")
                        .valueStream()
                        .map(finding -> finding.path("message").asString("")
                                + finding.path("what").asString("")))
                .anySatisfy(text -> assertThat(text).contains("3.10").contains("emr-7.14.0"));
    }

    @Test
    @Order(1)
    void whatTheTemplateInstallsIsNotMissedInAProgram() throws Exception {
        Form form = Form.script("import numpy, dateutil\nimport yaml\n").field("cluster", "made");
        Answer plan = owner.send(owner.request("/plans")
                .header("Content-Type", form.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.body())));

        assertThat(plan.json().path("findings").valueStream())
                .filteredOn(finding -> finding.path("code").asString().equals("import-not-in-project"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString()).contains("yaml is neither"));
    }

    /** An order is no part of its job, so the job's version stays the same while its cluster starts. */
    @Test
    @Order(2)
    void aJobWaitsForItsClusterAndRunsThere() throws Exception {
        Answer sent = owner.post(Form.script("print(1)").field("cluster", "made"));
        String id = sent.json().path("id").asString();
        CompletableFuture<List<String>> stream = CompletableFuture.supplyAsync(() -> lines("/jobs/" + id + "/events"));

        Answer waits = owner.get("/jobs/" + id, "Prefer", "wait=30", "If-None-Match", sent.header("ETag"));
        while (!waits.json().path("waitingFor").path("state").asString("").equals("STARTING")) {
            assertThat(waits.json().path("state").asString()).as(waits.text()).isEqualTo("QUEUED");
            waits = owner.get("/jobs/" + id, "Prefer", "wait=30", "If-None-Match", waits.header("ETag"));
        }
        assertThat(waits.json().path("waitingFor").path("kind").asString()).isEqualTo("cluster");
        assertThat(owner.get("/ui/jobs/" + id).text()).contains("Waiting: ", "is starting.");

        JsonNode ended = until(id, job -> job.path("state").asString().equals("SUCCEEDED"));
        assertThat(ended.path("waitingFor").isNull()).isTrue();
        assertThat(stream.get(60, TimeUnit.SECONDS))
                .containsSubsequence("event: waiting", "event: end")
                .anySatisfy(line ->
                        assertThat(line).contains("\"waitingFor\":{\"kind\":\"cluster\",\"state\":\"STARTING\""));
        assertThat(ordering().path("orders")).hasSize(1);
        assertThat(order().path("state").asString()).isEqualTo("READY");
    }

    @Test
    @Order(3)
    void onlyOperatorsStartAndEndClusters() throws Exception {
        String order = MADE + "/orders/" + order().path("id").asString();

        assertThat(owner.post(order + "/terminate").status()).isEqualTo(403);
        assertThat(owner.post(MADE + "/orders").status()).isEqualTo(403);
        assertThat(operator.post(MADE + "/orders").status()).as("most is 1").isEqualTo(409);
        assertThat(operator.get("/ui/clusters").text()).contains("Drain", "End now", "Start a cluster");
        assertThat(owner.get("/ui/clusters").text()).contains("READY").doesNotContain("End now");

        assertThat(operator.post(order + "/drain").status()).isEqualTo(202);
        await().atMost(SOON).until(() -> {
            aws.emr.advance();
            return order().path("state").asString().equals("ENDING");
        });
        assertThat(operator.post(order + "/drain").status()).as("said again").isEqualTo(202);
        assertThat(operator.post(MADE + "/orders/01JD0000000000000000000000/drain")
                        .status())
                .isEqualTo(404);
    }

    @Test
    @Order(4)
    void anOrderTellsItsStory() throws Exception {
        String order = MADE + "/orders/" + order().path("id").asString();

        JsonNode story = owner.get(order).json();
        assertThat(story.at("/order/clusterId").asString()).startsWith("j-");
        // Between them it may have waited for calls to be left.
        assertThat(story.path("events")
                        .valueStream()
                        .map(event -> event.path("to").asString()))
                .containsSubsequence("WANTED", "REQUESTED", "STARTING", "READY", "DRAINING");
        assertThat(story.path("events")
                        .valueStream()
                        .filter(event -> event.path("to").asString().equals("DRAINING"))
                        .map(event -> event.path("by").asString()))
                .containsExactly("olga");
        assertThat(owner.get("/ui" + order).text()).contains("An operator wants it to end.", "olga", "DRAINING");

        JsonNode first = owner.get(MADE + "/orders?limit=1").json();
        assertThat(first.path("items")).hasSize(1);
        assertThat(first.path("next").isNull()).isTrue();
        assertThat(owner.get(MADE + "/orders?limit=0").status()).isEqualTo(400);
        assertThat(owner.get(MADE + "/orders?before=x").status()).isEqualTo(400);
        assertThat(owner.get("/clusters/analytics/orders").status()).isEqualTo(404);
        assertThat(owner.get("/clusters/analytics/orders/" + order().path("id").asString())
                        .status())
                .isEqualTo(404);
    }

    @Test
    @Order(5)
    void aClusterThatNoOrderOwnsIsListedToOperatorsAndEndedByThem() throws Exception {
        String installation = aws.emr.madeClusters().get(0).name().split("-")[1];
        String id = aws.emr
                .makeCluster("slipway-" + installation + "-made-01JD3Q8Z0V7M4T2K5E9XHWBRCN")
                .id();

        assertThat(owner.get("/orphaned-clusters").status()).isEqualTo(403);
        await().atMost(SOON)
                .until(() -> operator.get("/orphaned-clusters").text().contains(id));
        assertThat(operator.get("/ui/clusters").text()).contains("Clusters without an order", id);
        assertThat(owner.get("/ui/clusters").text()).doesNotContain(id);
        assertThat(operator.get("/actuator/health").text()).contains("DEGRADED");
        assertThat(owner.post("/orphaned-clusters/" + id + "/terminate").status())
                .isEqualTo(403);
        assertThat(operator.post("/orphaned-clusters/j-2NOBODY/terminate").status())
                .isEqualTo(404);

        JsonNode ends = operator.post("/orphaned-clusters/" + id + "/terminate").json();
        assertThat(ends.path("endWishedBy").asString()).isEqualTo("olga");
        await().atMost(SOON)
                .until(() -> aws.emr.madeClusters().stream()
                        .anyMatch(each -> each.id().equals(id) && each.state().startsWith("TERMINAT")));
    }

    private List<String> lines(String path) {
        HttpRequest request = owner.request(path)
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer ann-token")
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .toList();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private JsonNode order() throws Exception {
        return ordering().path("orders").get(0);
    }

    private JsonNode ordering() throws Exception {
        return operator.get("/clusters")
                .json()
                .path("items")
                .valueStream()
                .filter(cluster -> cluster.path("name").asString().equals("made"))
                .findFirst()
                .orElseThrow()
                .path("ordering");
    }

    private JsonNode until(String id, Predicate<JsonNode> wanted) throws Exception {
        await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> {
            aws.emr.advance();
            return wanted.test(owner.get("/jobs/" + id).json());
        });
        return owner.get("/jobs/" + id).json();
    }

    private static String sha256(String token) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    }
}
