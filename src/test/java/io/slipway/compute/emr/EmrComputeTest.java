package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.EmrStep;
import io.slipway.aws.StepOutput;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.Compute;
import io.slipway.compute.ComputeContract;
import io.slipway.compute.RunOrder;
import io.slipway.compute.Target;
import io.slipway.jobs.RunRef;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** EMR keeps what every cluster must keep, and says where its pages are. */
class EmrComputeTest extends ComputeContract {

    private EmrFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
        fixture.emr.onEnd(step -> {
            String application =
                    "application_1767614400000_" + step.id().substring(step.id().length() - 5);
            fixture.putGzip(
                    "emr/" + EmrFixture.CLUSTER + "/steps/" + step.id() + "/stderr.gz",
                    StepOutput.submitting(application));
            fixture.putGzip(
                    "emr/" + EmrFixture.CLUSTER + "/containers/" + application + "/"
                            + application.replace("application", "container") + "_01_000001/stdout.gz",
                    PRINTED + "\n");
        });
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Override
    protected Compute compute() {
        return fixture.compute;
    }

    @Override
    protected RunOrder orderThatSucceeds() {
        return fixture.order("succeeds");
    }

    @Override
    protected RunOrder orderThatFails() {
        return fixture.order("fails");
    }

    @Override
    protected RunOrder orderThatRunsLong() {
        return fixture.order("runs long");
    }

    @Override
    protected void letItGoOn() {
        fixture.clock.advance(Duration.ofSeconds(3));
    }

    @Override
    protected int starts(String submissionKey) {
        return fixture.starts(submissionKey);
    }

    @Test
    void theTargetSettlesAfterDeadlineSignatureAndClocks() {
        assertThat(compute().target())
                .isEqualTo(new Target(
                        "analytics",
                        Target.Kind.EMR,
                        256,
                        Duration.ofSeconds(10).plusMinutes(6),
                        Duration.ofSeconds(5)));
    }

    @Test
    void aRunHasPagesInTheConsoleOnceItsClusterWasSeen() {
        RunRef run = accepted(orderThatSucceeds());

        assertThat(compute().links(run))
                .containsEntry(
                        "console",
                        URI.create("https://eu-central-1.console.aws.amazon.com/emr/home?region=eu-central-1"
                                + "#/clusterDetails/j-2AXXXXXXGAPLF"))
                .containsEntry(
                        "s3Logs",
                        URI.create("https://eu-central-1.console.aws.amazon.com/s3/buckets/logs?region=eu-central-1"
                                + "&prefix=emr%2Fj-2AXXXXXXGAPLF%2Fsteps%2F" + run.remoteId() + "%2F"));
    }

    @Test
    void aReplicaThatNeverLooksKnowsThePlaceOfTheLogsFromTheOneThatDoes() {
        RunRef run = new RunRef("01J-1", "s-1", fixture.clock.instant());
        assertThat(compute().links(run)).doesNotContainKey("s3Logs");

        fixture.writtenDown = new ClusterHealth("WAITING", null, fixture.clock.instant(), "s3://logs/emr/", null);
        fixture.clock.advance(Duration.ofSeconds(30));

        assertThat(compute().links(run)).containsKey("s3Logs");
        assertThat(fixture.emr.calls()).isEmpty();
    }

    @Test
    void readingLogsAndLinksNeverCallsEmr() {
        RunOrder order = orderThatSucceeds();
        RunRef run = accepted(order);
        followToItsEnd(run);
        fixture.emr.forgetCalls();

        compute().streams(new RunOrder(run, order.jobName(), order.plan()), null);
        compute().expectedLogs(new RunOrder(run, order.jobName(), order.plan()), null);
        compute().links(run);
        compute().health();
        compute().target();

        assertThat(fixture.emr.calls()).isEmpty();
    }

    @Test
    void aLookWithoutRunsKeepsTheStateOfTheClusterFresh() {
        compute().observe(List.of());

        assertThat(compute().health().state()).isEqualTo("WAITING");
        assertThat(compute().health().seenAt()).isEqualTo(fixture.clock.instant());
    }

    @Test
    void theClusterIsAskedForItsStateOnceInAWhileOnly() {
        RunRef run = accepted(orderThatRunsLong());
        look(run);
        look(run);

        assertThat(fixture.emr.calls("DescribeCluster")).hasSize(1);

        fixture.clock.advance(Duration.ofSeconds(30));
        look(run);

        assertThat(fixture.emr.calls("DescribeCluster")).hasSize(2);
    }

    @Test
    void anIdThatEmrDoesNotKnowKeepsNoOtherFromBeingCancelled() {
        List<RunRef> runs = new ArrayList<>(fixture.startAll("runs long", 3));
        fixture.clock.advance(Duration.ofSeconds(2));
        runs.add(1, new RunRef("01JUNKNOWN-1", "s-UNKNOWN", fixture.clock.instant()));

        fixture.compute.cancel(runs);

        assertThat(fixture.emr.steps(EmrFixture.CLUSTER))
                .extracting(EmrStep::state)
                .containsOnly("CANCEL_PENDING");
    }

    @Test
    void thereIsRoomForAsManyRunsAsOtherPeoplesStepsLeave() {
        List<RunRef> theirs = fixture.startAll("runs long", 200);
        List<RunRef> ours = fixture.startAll("runs long", 20);
        assertThat(fixture.compute.room()).isEqualTo(256);
        fixture.compute.observe(ours);
        assertThat(theirs).hasSize(256 - fixture.compute.room());
        fixture.clock.advance(Duration.ofMinutes(10));
        fixture.compute.observe(List.of());
        assertThat(fixture.compute.room()).as("nobody looks any more").isEqualTo(256);
    }
}
