package io.slipway.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport.Phase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the loop relies on where stopped runs may leave something. */
public interface LeftoverCleanupContract extends ClusterUnderTest {

    /** A cleanup with a key of its own, whose intent is written. */
    RunRef aCleanup();

    @Test
    default void onlyWhereSomethingIsLeftThereIsACleanup() {
        assertThat(compute().traits().leavesSomething()).isTrue();
        assertThat(compute().cleanup()).isPresent();
    }

    @Test
    default void aCleanupIsARunThatIsFoundAndEnds() {
        RunOrder stopped = stopped();
        RunRef cleanup = aCleanup();

        StartResult result = prepared().start(cleanup, List.of(stopped));

        assertThat(result).isInstanceOf(StartResult.Accepted.class);
        assertThat(followToItsEnd(cleanup).phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    default void aCleanupThatIsStartedAgainIsNoSecondRun() {
        RunOrder stopped = stopped();
        RunRef cleanup = aCleanup();
        LeftoverCleanup.Prepared prepared = prepared();
        prepared.start(cleanup, List.of(stopped));

        StartResult again = prepared.start(cleanup, List.of(stopped));

        assertThat(again).isInstanceOfAny(StartResult.Accepted.class, StartResult.Unknown.class);
        assertThat(starts(cleanup.submissionKey().value())).isEqualTo(1);
    }

    @Test
    default void whatIsPreparedAndNotStartedDoesNothing() {
        RunRef cleanup = aCleanup();

        prepared();
        letItGoOn();

        assertThat(starts(cleanup.submissionKey().value())).isZero();
    }

    private LeftoverCleanup.Prepared prepared() {
        return compute().cleanup().orElseThrow().prepare(null).orElseThrow();
    }

    private RunOrder stopped() {
        RunOrder order = orderThatRunsLong();
        RunRef run = accepted(order);
        compute().executor().cancel(List.of(run));
        followToItsEnd(run);
        return new RunOrder(run, order.jobName(), order.plan());
    }
}
