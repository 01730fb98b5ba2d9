package io.slipway.compute.emr;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.slipway.compute.HintSource.Hint;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.DigestUtils;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.json.JsonMapper;

/** The shapes are those of emr-facts, section 7; SQS speaks its JSON 1.0. */
class StepEventsTest {

    private static final String STEP = """
            {"version":"0","id":"999cccaa-eaaa-0000-1111-123456789012","detail-type":"EMR Step Status Change","source":"aws.emr",
             "account":"123456789012","time":"2016-12-16T20:53:09Z","region":"us-east-1","resources":[],
             "detail":{"severity":"ERROR","actionOnFailure":"CONTINUE","stepId":"s-1YM1IBI7IEVKA","name":"squares [01J0-1]",
             "clusterId":"j-2AXXXXXXGAPLF","state":"FAILED","message":"Step s-1YM1IBI7IEVKA failed."}}""";
    private static final String CLUSTER = """
            {"version":"0","id":"999cccaa-eaaa-0000-1111-123456789013","detail-type":"EMR Cluster State Change","source":"aws.emr",
             "detail":{"severity":"INFO","stateChangeReason":"{\\"code\\":\\"USER_REQUEST\\",\\"message\\":\\"by user\\"}",
             "name":"analytics","clusterId":"j-2AXXXXXXGAPLF","state":"TERMINATED"}}""";

    private final WireMockServer wire =
            new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));
    private SqsClient sqs;
    private StepEvents events;

    @BeforeEach
    void start() {
        wire.start();
        sqs = SqsClient.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .endpointOverride(URI.create(wire.baseUrl()))
                .build();
        events = new StepEvents(
                sqs,
                wire.baseUrl() + "/123456789012/events",
                id -> id.equals("j-2AXXXXXXGAPLF") ? List.of("analytics") : List.of());
    }

    @AfterEach
    void stop() {
        sqs.close();
        wire.stop();
    }

    @Test
    void aStepsEventIsAHintAboutItsRun() {
        assertThat(events.hints(STEP)).containsExactly(new Hint("analytics", "01J0-1", "s-1YM1IBI7IEVKA"));
    }

    @Test
    void aClustersEventIsAHintAboutTheCluster() {
        assertThat(events.hints(CLUSTER)).containsExactly(new Hint("analytics", null, null));
    }

    @Test
    void whatIsAboutOthersOrIsNoEventIsNoHint() {
        assertThat(events.hints(STEP.replace("j-2AXXXXXXGAPLF", "j-OTHER"))).isEmpty();
        assertThat(events.hints(STEP.replace("[01J0-1]", "by hand"))).isEmpty();
        for (String malformed :
                List.of("", "no json", "[]", "null", "{\"detail\":7}", "{\"detail\":{\"stepId\":[]}}")) {
            assertThat(events.hints(malformed)).as(malformed).isEmpty();
        }
    }

    @Test
    void aMessageIsDeletedAfterItWasHandledAndDoublesAreToldOnce() throws InterruptedException {
        receive(STEP, STEP, "no json");
        List<Hint> told = new ArrayList<>();
        events.poll(hints -> {
            told.addAll(hints);
            wire.verify(
                    0, postRequestedFor(anyUrl()).withHeader("X-Amz-Target", equalTo("AmazonSQS.DeleteMessageBatch")));
        });
        assertThat(told).hasSize(1);
        wire.verify(1, postRequestedFor(anyUrl()).withHeader("X-Amz-Target", equalTo("AmazonSQS.DeleteMessageBatch")));
    }

    @Test
    void whatCouldNotBeHandledStaysInTheQueue() {
        receive(STEP);
        assertThatThrownBy(() -> events.poll(hints -> {
                    throw new IllegalStateException("the database is away");
                }))
                .isInstanceOf(IllegalStateException.class);
        wire.verify(0, postRequestedFor(anyUrl()).withHeader("X-Amz-Target", equalTo("AmazonSQS.DeleteMessageBatch")));
    }

    private void receive(String... bodies) {
        List<Map<String, String>> messages = new ArrayList<>();
        for (String body : bodies) {
            messages.add(Map.of(
                    "MessageId",
                    "m" + messages.size(),
                    "ReceiptHandle",
                    "r" + messages.size(),
                    "Body",
                    body,
                    "MD5OfBody",
                    DigestUtils.md5DigestAsHex(body.getBytes(UTF_8))));
        }
        String answer = JsonMapper.builder().build().writeValueAsString(Map.of("Messages", messages));
        wire.stubFor(post(anyUrl())
                .withHeader("X-Amz-Target", equalTo("AmazonSQS.ReceiveMessage"))
                .willReturn(aResponse()
                        .withHeader("Content-Type", "application/x-amz-json-1.0")
                        .withBody(answer)));
        wire.stubFor(post(anyUrl())
                .withHeader("X-Amz-Target", equalTo("AmazonSQS.DeleteMessageBatch"))
                .willReturn(aResponse()
                        .withHeader("Content-Type", "application/x-amz-json-1.0")
                        .withBody("{\"Successful\":[],\"Failed\":[]}")));
    }
}
