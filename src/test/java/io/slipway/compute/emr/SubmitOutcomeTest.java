package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.aws.EmrFault;
import io.slipway.compute.StartResult;
import io.slipway.compute.emr.client.Departure;
import io.slipway.compute.emr.client.EmrClients;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.steps.SubmitOutcome;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.emr.model.AddJobFlowStepsRequest;
import software.amazon.awssdk.services.emr.model.EmrException;

/** Which failures of AddJobFlowSteps say something definite, and which do not. */
class SubmitOutcomeTest {

    private static final List<SubmissionKey> ONE = List.of(new SubmissionKey("01J-1"));
    private static final List<SubmissionKey> TWO = List.of(new SubmissionKey("01J-1"), new SubmissionKey("01K-1"));
    private static final String FULL =
            "Maximum number of active steps(State = 'Running', 'Pending' or 'Cancel_Pending') for cluster exceeded.";
    private static final String CLOSED =
            "A job flow that is shutting down, terminated, or finished may not be modified.";

    private static final EmrSettings IMPATIENT = new EmrSettings(
            Duration.ofMillis(900),
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

    private record Row(
            String what, List<SubmissionKey> keys, RuntimeException failure, boolean left, Class<?> verdict) {}

    @TestFactory
    Stream<DynamicTest> theTable() {
        Class<?> unknown = StartResult.Unknown.class;
        return Stream.of(
                        new Row("one step, invalid", ONE, refused("bad"), true, StartResult.Rejected.class),
                        new Row("one step, full", ONE, refused(FULL), true, StartResult.NotNow.class),
                        new Row("one step, closed", ONE, refused(CLOSED), true, StartResult.Rejected.class),
                        new Row("two steps, invalid", TWO, refused("bad"), true, unknown),
                        new Row("two steps, full", TWO, refused(FULL), true, unknown),
                        new Row("two steps, closed", TWO, refused(CLOSED), true, unknown),
                        new Row("throttled", ONE, service("ThrottlingException", 400, "Rate exceeded"), true, unknown),
                        new Row("5xx", ONE, service("InternalServerError", 500, "oops"), true, unknown),
                        new Row(
                                "5xx that calls itself a validation",
                                ONE,
                                service("ValidationException", 500, "x"),
                                true,
                                unknown),
                        new Row("no rights", ONE, service("AccessDeniedException", 400, "no"), true, unknown),
                        new Row("old signature", ONE, service("InvalidSignatureException", 403, "old"), true, unknown),
                        new Row(
                                "no code at all",
                                ONE,
                                EmrException.builder().statusCode(400).build(),
                                true,
                                unknown),
                        new Row(
                                "broken off",
                                ONE,
                                SdkClientException.create("reset", new IOException("reset")),
                                true,
                                unknown),
                        new Row(
                                "never left",
                                TWO,
                                SdkClientException.create("no credentials"),
                                false,
                                StartResult.NotNow.class))
                .map(row -> DynamicTest.dynamicTest(
                        row.what,
                        () -> assertThat(SubmitOutcome.failed(row.keys, row.failure, row.left))
                                .hasSize(row.keys.size())
                                .allSatisfy(result -> assertThat(result).isInstanceOf(row.verdict))));
    }

    @Test
    void aClosedClusterHasAReasonOfItsOwnAndEveryRefusalKeepsEmrsWords() {
        StartResult.Rejected closed = (StartResult.Rejected)
                SubmitOutcome.failed(ONE, refused(CLOSED), true).get(0);
        StartResult.Rejected invalid = (StartResult.Rejected)
                SubmitOutcome.failed(ONE, refused("bad jar"), true).get(0);

        assertThat(closed.reason().code()).isEqualTo(Code.CLUSTER_GONE);
        assertThat(invalid.reason().code()).isEqualTo(Code.REJECTED_BY_CLUSTER);
        assertThat(invalid.reason().message()).contains("bad jar");
    }

    @Test
    void idsGoToTheirStepsInOrderAndAnyOtherNumberOfThemIsUnknown() {
        assertThat(SubmitOutcome.answered(TWO, List.of("s-1", "s-2")))
                .containsExactly(
                        new StartResult.Accepted(new SubmissionKey("01J-1"), "s-1", null),
                        new StartResult.Accepted(new SubmissionKey("01K-1"), "s-2", null));
        assertThat(SubmitOutcome.answered(TWO, List.of("s-1")))
                .allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Unknown.class));
        assertThat(SubmitOutcome.answered(ONE, List.of("s-1", "s-2")))
                .allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Unknown.class));
    }

    @Test
    void theRealExceptionsOfTheSdkAreToldApart() throws IOException {
        try (EmrFixture fixture = new EmrFixture()) {
            URI endpoint = fixture.emr.endpoint();
            assertThat(verdict(fixture, endpoint, EmrFault.throttled())).isInstanceOf(StartResult.Unknown.class);
            assertThat(verdict(fixture, endpoint, EmrFault.error())).isInstanceOf(StartResult.Unknown.class);
            assertThat(verdict(fixture, endpoint, EmrFault.closed())).isInstanceOf(StartResult.Unknown.class);
            assertThat(verdict(fixture, endpoint, EmrFault.slow(Duration.ofSeconds(2))))
                    .isInstanceOf(StartResult.Unknown.class);
            assertThat(verdict(fixture, endpoint, null)).isInstanceOf(StartResult.Rejected.class);
            assertThat(verdict(fixture, URI.create("http://127.0.0.1:" + freePort()), null))
                    .isInstanceOf(StartResult.NotNow.class);
            assertThat(verdict(fixture, URI.create("http://no-such-host.invalid"), null))
                    .isInstanceOf(StartResult.NotNow.class);
        }
    }

    /** Sends steps to a cluster that does not exist. */
    private static StartResult verdict(EmrFixture fixture, URI endpoint, EmrFault fault) {
        if (fault != null) {
            fixture.emr.failNext("AddJobFlowSteps", fault);
        }
        Instant intent = fixture.clock.instant();
        Departure departure = new Departure(intent);
        try (EmrClients clients = fixture.clients(IMPATIENT, endpoint, endpoint)) {
            RuntimeException failure = catchThrowableOfType(
                    RuntimeException.class,
                    () -> clients.submit()
                            .addJobFlowSteps(AddJobFlowStepsRequest.builder()
                                    .jobFlowId("j-NONE")
                                    .steps(List.of())
                                    .overrideConfiguration(c -> c.putExecutionAttribute(Departure.ATTRIBUTE, departure))
                                    .build()));
            assertThat(failure).isNotNull();
            return SubmitOutcome.failed(ONE, failure, departure.mayHaveLeft()).get(0);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static RuntimeException refused(String message) {
        return service("ValidationException", 400, message);
    }

    private static RuntimeException service(String code, int status, String message) {
        return EmrException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
