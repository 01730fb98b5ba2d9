package io.slipway.compute.emr;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import io.slipway.artifacts.ArtifactName;
import io.slipway.compute.Cluster;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.launch.NodeProgram;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bytes on the wire, both ways: JSON 1.1 as emr-facts, section 1, has it. */
class EmrWireTest {

    private WireMockServer wire;
    private EmrFixture fixture;
    private Cluster compute;

    @BeforeEach
    void start() throws IOException {
        wire = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
        wire.start();
        fixture = new EmrFixture();
        compute = fixture.provider(EmrFixture.SETTINGS, URI.create("http://127.0.0.1:" + wire.port()))
                .create("wired", new EmrClusterSettings(EmrFixture.CLUSTER, 1, 2));
        answer("DescribeCluster", """
                {"Cluster":{"Id":"j-2AXXXXXXGAPLF","Name":"analytics","LogUri":"s3n://logs/emr",
                 "Status":{"State":"WAITING","StateChangeReason":{"Message":"Cluster ready to run steps."},
                           "Timeline":{"CreationDateTime":1.767600000123E9}}}}
                """);
    }

    @AfterEach
    void stop() {
        fixture.close();
        wire.stop();
    }

    @Test
    void stepsAreAddedByOneSignedCallOfOneAttempt() {
        answer("AddJobFlowSteps", "{\"StepIds\":[\"s-07767992IY7VC5NVV854\"]}");
        RunOrder order = fixture.order("daily report");
        SubmissionKey key = order.run().submissionKey();

        List<StartResult> results = Turns.start(compute, List.of(order));

        assertThat(results).containsExactly(new StartResult.Accepted(key, "s-07767992IY7VC5NVV854", null));
        wire.verify(
                1,
                call("AddJobFlowSteps")
                        .withHeader("Content-Type", equalTo("application/x-amz-json-1.1"))
                        .withHeader("amz-sdk-request", equalTo("attempt=1; max=1"))
                        .withHeader(
                                "Authorization",
                                matching(
                                        "AWS4-HMAC-SHA256 Credential=id/\\d{8}/eu-central-1/elasticmapreduce/aws4_request, .*"))
                        .withRequestBody(equalToJson("""
                        {"JobFlowId": "j-2AXXXXXXGAPLF",
                         "Steps": [{
                           "Name": "daily report [%1$s]",
                           "ActionOnFailure": "CONTINUE",
                           "HadoopJarStep": {"Jar": "command-runner.jar", "Args": [
                             "spark-submit", "--deploy-mode", "cluster", "--name", "daily_report-%1$s",
                             "--archives", "s3://my-bucket/slipway/projects/project_%2$s.zip#slipway-project",
                             "--files", "s3://my-bucket/slipway/launches/launch_%1$s.json#slipway-launch.json,%4$s,%6$s",
                             "--conf", "spark.yarn.maxAppAttempts=1",
                             "--conf", "spark.yarn.am.waitTime=86400s",
                             "--conf", "spark.executorEnv.PYTHONPATH=slipway-project",
                             "--conf", "spark.python.daemon.module=%5$s",
                             "--conf", "spark.yarn.tags=%1$s",
                             "%3$s", "slipway-project", "slipway-launch.json"]}}]}
                        """.formatted(
                                        key,
                                        EmrFixture.PROJECT,
                                        fixture.store.uri(NodeProgram.launcher().name()),
                                        fixture.store.uri(NodeProgram.daemon().name()),
                                        NodeProgram.daemon().module(),
                                        fixture.store.uri(NodeProgram.live().name())))));
        assertThat(fixture.store.exists(ArtifactName.launch(key.value()))).isTrue();
    }

    @Test
    void aLookListsWhatIsActiveAndThenAsksForTheRestById() {
        wire.stubFor(post("/")
                .withHeader("X-Amz-Target", equalTo("ElasticMapReduce.ListSteps"))
                .withRequestBody(
                        equalToJson(
                                "{\"ClusterId\":\"j-2AXXXXXXGAPLF\",\"StepStates\":[\"PENDING\",\"RUNNING\",\"CANCEL_PENDING\"]}"))
                .willReturn(aResponse().withBody("""
                        {"Steps":[{"Id":"s-1","Name":"a [01A-1]","Config":{"Jar":"command-runner.jar","Args":[]},
                          "Status":{"State":"RUNNING","StateChangeReason":{},
                            "Timeline":{"CreationDateTime":1.767614400123E9,"StartDateTime":1.767614405E9}}}],
                         "Marker":"more"}
                        """)));
        wire.stubFor(post("/")
                .withHeader("X-Amz-Target", equalTo("ElasticMapReduce.ListSteps"))
                .withRequestBody(equalToJson("{\"ClusterId\":\"j-2AXXXXXXGAPLF\",\"Marker\":\"more\","
                        + "\"StepStates\":[\"PENDING\",\"RUNNING\",\"CANCEL_PENDING\"]}"))
                .willReturn(aResponse().withBody("""
                        {"Steps":[{"Id":"s-2","Name":"b [01B-1]",
                          "Status":{"State":"PAUSED_BY_A_FUTURE_EMR","Timeline":{"CreationDateTime":1.767614400E9}}}]}
                        """)));
        wire.stubFor(post("/")
                .withHeader("X-Amz-Target", equalTo("ElasticMapReduce.ListSteps"))
                .withRequestBody(equalToJson("{\"ClusterId\":\"j-2AXXXXXXGAPLF\",\"StepIds\":[\"s-3\"]}"))
                .willReturn(aResponse().withBody("""
                        {"Steps":[{"Id":"s-3","Name":"c [01C-1]",
                          "Status":{"State":"FAILED","StateChangeReason":{"Code":"NONE"},
                            "FailureDetails":{"Reason":"Unknown Error","Message":"Application finished with failed status",
                              "LogFile":"s3://logs/emr/j-2AXXXXXXGAPLF/steps/s-3/stderr.gz"},
                            "Timeline":{"CreationDateTime":1.767614400E9,"StartDateTime":1.767614405E9,
                              "EndDateTime":1.7676145005E9}}}]}
                        """)));

        List<RunReport> reports =
                Turns.observe(compute, List.of(run("01A-1", null), run("01B-1", "s-2"), run("01C-1", "s-3")));

        assertThat(reports)
                .extracting(report -> report.submissionKey().value(), RunReport::phase, RunReport::remoteId)
                .containsExactly(
                        tuple("01A-1", Phase.RUNNING, "s-1"),
                        tuple("01B-1", Phase.PENDING, "s-2"),
                        tuple("01C-1", Phase.FAILED, "s-3"));
        RunReport failed = reports.get(2);
        assertThat(failed.startedAt()).isEqualTo(Instant.ofEpochSecond(1_767_614_405));
        assertThat(failed.endedAt())
                .isEqualTo(Instant.ofEpochSecond(1_767_614_500).plusMillis(500));
        assertThat(failed.reason().message())
                .isEqualTo("The step failed: Application finished with failed status."
                        + " Log: s3://logs/emr/j-2AXXXXXXGAPLF/steps/s-3/stderr.gz");
        assertThat(compute.health().message()).isEqualTo("Cluster ready to run steps.");
        wire.verify(1, call("DescribeCluster").withRequestBody(equalToJson("{\"ClusterId\":\"j-2AXXXXXXGAPLF\"}")));
    }

    @Test
    void stepsAreCancelledByInterruptAndThoseWithoutAnIdAreLeftOut() {
        answer("CancelSteps", "{\"CancelStepsInfoList\":[{\"StepId\":\"s-1\",\"Status\":\"SUBMITTED\"}]}");

        compute.executor().cancel(List.of(run("01A-1", "s-1"), run("01B-1", null)));

        wire.verify(1, call("CancelSteps").withRequestBody(equalToJson("""
                {"ClusterId":"j-2AXXXXXXGAPLF","StepIds":["s-1"],"StepCancellationOption":"SEND_INTERRUPT"}
                """)));
    }

    @Test
    void anAnswerThatComesTooLateIsUnknownAndNotAskedForAgain() throws IOException {
        EmrSettings impatient = new EmrSettings(
                Duration.ofMillis(700),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                true,
                EmrFixture.BUDGET,
                true,
                new EmrSettings.Events(null));
        compute = fixture.provider(impatient, URI.create("http://127.0.0.1:" + wire.port()))
                .create("wired", new EmrClusterSettings(EmrFixture.CLUSTER, 1, 2));
        wire.stubFor(post("/")
                .withHeader("X-Amz-Target", equalTo("ElasticMapReduce.AddJobFlowSteps"))
                .willReturn(aResponse().withBody("{\"StepIds\":[\"s-1\"]}").withFixedDelay(1500)));

        assertThat(Turns.start(compute, List.of(fixture.order("job"))))
                .singleElement()
                .isInstanceOf(StartResult.Unknown.class);
        wire.verify(1, call("AddJobFlowSteps"));
    }

    private RunRef run(String key, String id) {
        return new RunRef(new SubmissionKey(key), id, fixture.clock.instant());
    }

    private void answer(String operation, String body) {
        wire.stubFor(post("/")
                .withHeader("X-Amz-Target", equalTo("ElasticMapReduce." + operation))
                .willReturn(aResponse()
                        .withHeader("Content-Type", "application/x-amz-json-1.1")
                        .withBody(body)));
    }

    private static RequestPatternBuilder call(String operation) {
        return postRequestedFor(urlEqualTo("/")).withHeader("X-Amz-Target", equalTo("ElasticMapReduce." + operation));
    }
}
