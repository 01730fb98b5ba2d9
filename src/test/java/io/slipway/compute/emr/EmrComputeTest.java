package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.EmrStep;
import io.slipway.aws.StepOutput;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterKind;
import io.slipway.compute.ClusterState;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.LaunchPreviewContract;
import io.slipway.compute.LeftoverCleanupContract;
import io.slipway.compute.RunExecutorContract;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunOutputContract;
import io.slipway.compute.Turns;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** EMR keeps what every cluster must keep, and says where its pages are. */
class EmrComputeTest implements RunExecutorContract, RunOutputContract, LaunchPreviewContract, LeftoverCleanupContract {

    private EmrFixture fixture;
    private int cleanups;

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
    public Cluster compute() {
        return fixture.compute;
    }

    @Override
    public RunOrder orderThatSucceeds() {
        return fixture.order("succeeds");
    }

    @Override
    public RunOrder orderThatFails() {
        return fixture.order("fails");
    }

    @Override
    public RunOrder orderThatRunsLong() {
        return fixture.order("runs long");
    }

    @Override
    public void letItGoOn() {
        fixture.clock.advance(Duration.ofSeconds(3));
    }

    @Override
    public int starts(String submissionKey) {
        return fixture.starts(submissionKey);
    }

    @Override
    public RunRef aCleanup() {
        return new RunRef(new SubmissionKey("cleanup-01J%023d".formatted(++cleanups)), null, fixture.clock.instant());
    }

    @Test
    void theTargetSettlesAfterDeadlineSignatureAndClocks() {
        assertThat(compute().traits())
                .isEqualTo(new ClusterTraits(
                        "analytics",
                        ClusterKind.EMR,
                        256,
                        Duration.ofSeconds(10).plusMinutes(6),
                        Duration.ofSeconds(5),
                        EnumSet.complementOf(EnumSet.of(ClusterTraits.Habit.RUNS_HERE))));
    }

    @Test
    void aRunHasPagesInTheConsoleOnceItsClusterWasSeen() {
        RunRef run = accepted(orderThatSucceeds());

        assertThat(Turns.links(compute(), run))
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
        RunRef run = new RunRef(new SubmissionKey("01J-1"), "s-1", fixture.clock.instant());
        assertThat(Turns.links(compute(), run)).doesNotContainKey("s3Logs");

        fixture.writtenDown =
                new ClusterHealth(ClusterState.WAITING, null, fixture.clock.instant(), "s3://logs/emr/", null);
        fixture.clock.advance(Duration.ofSeconds(30));

        assertThat(Turns.links(compute(), run)).containsKey("s3Logs");
        assertThat(fixture.emr.calls()).isEmpty();
    }

    @Test
    void readingLogsAndLinksNeverCallsEmr() {
        RunOrder order = orderThatSucceeds();
        RunRef run = accepted(order);
        followToItsEnd(run);
        fixture.emr.forgetCalls();

        compute().output().streams(new RunOrder(run, order.jobName(), order.plan()), null);
        compute().output().expectedLogs(new RunOrder(run, order.jobName(), order.plan()), null);
        Turns.links(compute(), run);
        compute().health();
        compute().traits();

        assertThat(fixture.emr.calls()).isEmpty();
    }

    @Test
    void aLookWithoutRunsKeepsTheStateOfTheClusterFresh() {
        Turns.observe(compute(), List.of());

        assertThat(compute().health().state()).isEqualTo(ClusterState.WAITING);
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

    /** EMR takes no steps for a cluster that ends. */
    @Test
    void thatItTakesStepsIsAWordOnTheClusterThatNeedNoCallOfItsOwn() {
        look(accepted(orderThatRunsLong()));
        for (int i = 0; i < 6; i++) {
            fixture.clock.advance(Duration.ofMinutes(9));
            accepted(orderThatRunsLong());
        }

        assertThat(fixture.emr.calls("DescribeCluster")).hasSize(1);
        assertThat(compute().health().seenAt()).isEqualTo(fixture.clock.instant());

        fixture.clock.advance(Duration.ofMinutes(11));
        accepted(orderThatRunsLong());
        assertThat(fixture.emr.calls("DescribeCluster")).hasSize(2);
    }

    @Test
    void anIdThatEmrDoesNotKnowKeepsNoOtherFromBeingCancelled() {
        List<RunRef> runs = new ArrayList<>(fixture.startAll("runs long", 3));
        fixture.clock.advance(Duration.ofSeconds(2));
        runs.add(1, new RunRef(new SubmissionKey("01JUNKNOWN-1"), "s-UNKNOWN", fixture.clock.instant()));

        fixture.compute.executor().cancel(runs);

        assertThat(fixture.emr.steps(EmrFixture.CLUSTER))
                .extracting(EmrStep::state)
                .containsOnly("CANCEL_PENDING");
    }

    @Test
    void thereAreAsManyFreeSlotsAsOtherPeoplesStepsLeave() {
        List<RunRef> theirs = fixture.startAll("runs long", 200);
        List<RunRef> ours = fixture.startAll("runs long", 20);
        assertThat(theirs)
                .hasSize(256 - fixture.compute.executor().observe(ours).freeSlots());
        fixture.clock.advance(Duration.ofMinutes(10));
        assertThat(fixture.compute.executor().observe(List.of()).freeSlots())
                .as("nobody looks any more")
                .isEqualTo(256);
    }
}
