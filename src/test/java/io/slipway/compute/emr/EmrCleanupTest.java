package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.LeftoverCleanup;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.launch.CleanupArguments;
import io.slipway.compute.emr.launch.StepArguments;
import io.slipway.jobs.Job;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cancelled step leaves its YARN application; the cleanup's step ends it. */
class EmrCleanupTest {

    private EmrFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void theApplicationsOfCancelledStepsEndByOneStepAndNoOthers() {
        List<RunOrder> orders = List.of(fixture.order("runs long"), fixture.order("runs long"));
        List<StartResult> results = Turns.start(fixture.compute, orders);
        List<RunRef> runs = List.of(
                EmrFixture.known(orders.get(0), results.get(0)), EmrFixture.known(orders.get(1), results.get(1)));
        fixture.clock.advance(Duration.ofSeconds(5));
        fixture.compute.executor().cancel(runs);
        fixture.clock.advance(Duration.ofSeconds(5));
        RunOrder other = fixture.order("runs long");
        fixture.start(other);
        fixture.clock.advance(Duration.ofSeconds(5));
        assertThat(fixture.emr.applications(EmrFixture.CLUSTER)).hasSize(3);

        RunRef cleanup = new RunRef(new SubmissionKey("cleanup-01J"), null, fixture.clock.instant());
        StartResult result = cleanUp(cleanup, orders);
        fixture.clock.advance(Duration.ofSeconds(30));

        assertThat(result).isInstanceOf(StartResult.Accepted.class);
        assertThat(fixture.look(cleanup).phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(fixture.emr.applications(EmrFixture.CLUSTER))
                .containsExactly(other.run().submissionKey().value());
    }

    @Test
    void theCleanupHasTheRuntimeRoleOfItsJobs() {
        Job job = fixture.job("runs long", EmrFixture.ROLES + "jobs");
        RunOrder order = fixture.orderOf(job);
        RunRef run = EmrFixture.known(order, fixture.start(order));
        fixture.clock.advance(Duration.ofSeconds(5));
        fixture.compute.executor().cancel(List.of(run));
        fixture.clock.advance(Duration.ofSeconds(5));

        cleanUp(new RunRef(new SubmissionKey("cleanup-01J"), null, fixture.clock.instant()), List.of(order));

        assertThat(fixture.emr.calls("AddJobFlowSteps"))
                .extracting(call -> call.body().path("ExecutionRoleArn").asString(""))
                .containsExactly(EmrFixture.ROLES + "jobs", EmrFixture.ROLES + "jobs");
    }

    private StartResult cleanUp(RunRef cleanup, List<RunOrder> stopped) {
        LeftoverCleanup port = fixture.compute.cleanup().orElseThrow();
        return port.prepare(null).orElseThrow().start(cleanup, stopped);
    }

    @Test
    void asManyKeysAsGoTogetherFitIntoAStep() {
        List<String> arguments = CleanupArguments.of(
                IntStream.range(0, LeftoverCleanup.AT_ONCE)
                        .mapToObj("01M8262M6XKNEH9WGCQQBC%04d-10"::formatted)
                        .map(SubmissionKey::new)
                        .toList(),
                true);
        assertThat(StepArguments.length(arguments)).isLessThan(StepArguments.LONGEST);
    }
}
