package io.slipway.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.RunExecutor.Calls;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the loop relies on, whatever the cluster is made of. */
public interface RunExecutorContract extends ClusterUnderTest {

    @Test
    default void anAcceptedRunIsLiveAndThenSucceeds() {
        RunRef run = accepted(orderThatSucceeds());

        RunReport end = followToItsEnd(run);

        assertThat(end.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(end.endedAt()).isNotNull();
        assertThat(end.startedAt()).isNotNull();
    }

    @Test
    default void aRunThatEndsBadlyIsFailedWithASentence() {
        RunRef run = accepted(orderThatFails());

        RunReport end = followToItsEnd(run);

        assertThat(end.phase()).isEqualTo(Phase.FAILED);
        assertThat(end.reason()).isNotNull();
        assertThat(end.reason().message()).isNotBlank();
    }

    @Test
    default void anEndedRunStaysAsItEnded() {
        RunRef run = accepted(orderThatSucceeds());
        RunReport end = followToItsEnd(run);

        letItGoOn();

        RunReport later = look(run);
        assertThat(later.phase()).isEqualTo(end.phase());
        assertThat(later.endedAt()).isEqualTo(end.endedAt());
        assertThat(later.exitStatus()).isEqualTo(end.exitStatus());
    }

    @Test
    default void aCancelEndsTheRunAndMayBeRepeated() {
        RunRef run = accepted(orderThatRunsLong());
        waitFor(run, EnumSet.of(Phase.RUNNING));

        compute().executor().cancel(List.of(run));
        compute().executor().cancel(List.of(run));
        RunReport end = followToItsEnd(run);
        compute().executor().cancel(List.of(run));

        assertThat(end.phase()).isEqualTo(Phase.CANCELLED);
        assertThat(look(run).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    default void aCancelRightAfterTheStartIsNotLost() {
        RunRef run = accepted(orderThatRunsLong());

        compute().executor().cancel(List.of(run));

        assertThat(followToItsEnd(run).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    default void aRunThatIsGivenBackEndsCancelledAndIsNeverStartedAgainUnderItsKey() {
        RunOrder order = orderThatRunsLong();
        RunRef run = accepted(order);

        compute().executor().withdraw(List.of(run));
        compute().executor().withdraw(List.of(run));
        RunReport end = followToItsEnd(run);
        compute().executor().withdraw(List.of(run));
        letItGoOn();

        assertThat(end.phase()).isEqualTo(Phase.CANCELLED);
        assertThat(look(run).phase()).isEqualTo(Phase.CANCELLED);
        assertThat(starts(order.run().submissionKey().value())).isEqualTo(1);
    }

    @Test
    default void aCancelOfAnEndedRunChangesNothing() {
        RunRef run = accepted(orderThatSucceeds());
        followToItsEnd(run);

        compute().executor().cancel(List.of(run));
        letItGoOn();

        assertThat(look(run).phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    default void aRunThatWasNeverSentIsAbsent() {
        RunOrder neverSent = orderThatSucceeds();

        RunReport report = look(neverSent.run());

        assertThat(report.phase()).isEqualTo(Phase.ABSENT);
        assertThat(starts(neverSent.run().submissionKey().value())).isZero();
    }

    @Test
    default void cancelOfARunThatWasNeverSentIsHarmless() {
        RunOrder neverSent = orderThatSucceeds();

        compute().executor().cancel(List.of(neverSent.run()));

        assertThat(look(neverSent.run()).phase()).isEqualTo(Phase.ABSENT);
    }

    @Test
    default void aRunIsFoundByItsKeyAloneAndThenHasItsName() {
        RunOrder order = orderThatRunsLong();
        RunRef withName = accepted(order);

        RunReport found = look(order.run());

        assertThat(order.run().remoteId()).isNull();
        assertThat(found.phase()).isIn(LIVE);
        assertThat(found.remoteId()).isEqualTo(withName.remoteId());
        end(withName);
    }

    @Test
    default void aRunThatIsKnownByItsKeyAloneCanBeCancelledOnceItWasSeen() {
        RunOrder order = orderThatRunsLong();
        accepted(order);
        RunReport seen = look(order.run());
        RunRef adopted =
                new RunRef(seen.submissionKey(), seen.remoteId(), order.run().intentAt());

        compute().executor().cancel(List.of(adopted));

        assertThat(followToItsEnd(adopted).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    default void severalOrdersOfOneCallAreSeveralRuns() {
        List<RunOrder> orders = List.of(orderThatSucceeds(), orderThatFails(), orderThatSucceeds());

        List<StartResult> results = Turns.start(compute(), orders);

        assertThat(results).extracting(StartResult::submissionKey).containsExactlyInAnyOrderElementsOf(keys(orders));
        assertThat(results).allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Accepted.class));
        assertThat(keys(orders))
                .allSatisfy(key -> assertThat(starts(key.value())).isEqualTo(1));
        assertThat(orders.stream()
                        .map(order -> followToItsEnd(order.run()).phase())
                        .toList())
                .containsExactly(Phase.SUCCEEDED, Phase.FAILED, Phase.SUCCEEDED);
    }

    @Test
    default void oneLookTellsOfRunsInEveryPhase() {
        RunRef ended = accepted(orderThatSucceeds());
        followToItsEnd(ended);
        RunRef failed = accepted(orderThatFails());
        followToItsEnd(failed);
        RunRef live = accepted(orderThatRunsLong());
        RunRef neverSent = orderThatSucceeds().run();

        Map<SubmissionKey, Phase> phases = Turns.observe(compute(), List.of(neverSent, live, failed, ended)).stream()
                .collect(Collectors.toMap(RunReport::submissionKey, RunReport::phase));

        assertThat(phases)
                .containsEntry(ended.submissionKey(), Phase.SUCCEEDED)
                .containsEntry(failed.submissionKey(), Phase.FAILED)
                .containsEntry(neverSent.submissionKey(), Phase.ABSENT)
                .hasSize(4);
        assertThat(phases.get(live.submissionKey())).isIn(LIVE);
        end(live);
    }

    @Test
    default void aBatchThatIsStartedAgainNeverMakesASecondRun() {
        RunOrder order = orderThatRunsLong();
        PreparedBatch batch = Turns.prepare(compute(), List.of(order)).get(0);
        assertThat(batch.start(List.of(order.run()))).singleElement().isInstanceOf(StartResult.Accepted.class);
        RunRef run = order.run().known(look(order.run()).remoteId());
        waitFor(run, EnumSet.of(Phase.RUNNING));

        StartResult whileItLives = batch.start(List.of(order.run())).get(0);
        end(run);
        StartResult whenItEnded = batch.start(List.of(order.run())).get(0);
        letItGoOn();

        assertThat(List.of(whileItLives, whenItEnded))
                .allSatisfy(result ->
                        assertThat(result).isInstanceOfAny(StartResult.Accepted.class, StartResult.Unknown.class));
        assertThat(starts(order.run().submissionKey().value())).isEqualTo(1);
        assertThat(look(run).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    default void whatIsPreparedAndNeverStartedDoesNotRunAndMayBePreparedAgain() {
        RunOrder order = orderThatSucceeds();

        Turns.prepare(compute(), List.of(order));
        letItGoOn();

        assertThat(look(order.run()).phase()).isEqualTo(Phase.ABSENT);
        assertThat(Turns.prepare(compute(), List.of(order)))
                .singleElement()
                .satisfies(batch -> assertThat(batch.submissionKeys())
                        .containsExactly(order.run().submissionKey()));
        assertThat(starts(order.run().submissionKey().value())).isZero();
    }

    @Test
    default void aRunOfABatchThatHasNoIntentIsLeftOut() {
        RunOrder first = orderThatSucceeds();
        look(first.run());
        RunOrder second = orderThatSucceeds();

        for (PreparedBatch batch : Turns.prepare(compute(), List.of(first, second))) {
            List<RunRef> intents =
                    batch.submissionKeys().contains(second.run().submissionKey()) ? List.of(second.run()) : List.of();
            batch.start(intents);
        }

        assertThat(starts(first.run().submissionKey().value())).isZero();
        assertThat(starts(second.run().submissionKey().value())).isEqualTo(1);
        followToItsEnd(second.run());
    }

    @Test
    default void aTargetedLookTellsTheSameAsAFullOne() {
        RunRef run = accepted(orderThatSucceeds());
        RunReport end = followToItsEnd(run);

        for (Calls calls : Calls.values()) {
            assertThat(compute().executor().lookAt(List.of(run.known(end.remoteId())), calls))
                    .as(calls.name())
                    .singleElement()
                    .satisfies(report -> {
                        assertThat(report.submissionKey()).isEqualTo(run.submissionKey());
                        assertThat(report.phase()).isEqualTo(end.phase());
                        assertThat(report.endedAt()).isEqualTo(end.endedAt());
                    });
        }
    }

    @Test
    default void aLookTellsWhoIsThereAndThatItSawEverything() {
        Observation look = compute().executor().observe(List.of());

        assertThat(look.complete()).isTrue();
        assertThat(look.unexpectedRuns()).isEmpty();
        assertThat(look.occupancy().runsAtOnce())
                .isBetween(1, compute().traits().slots());
        assertThat(look.occupancy().others()).isZero();
        assertThat(look.freeSlots()).isGreaterThanOrEqualTo(compute().traits().slots());
    }

    @Test
    default void aLookAtTheClusterTellsItsStateOfNow() {
        ClusterHealth seen = compute().executor().lookAtCluster();

        assertThat(seen.seenAt()).isNotNull();
        assertThat(seen.state()).isEqualTo(compute().health().state());
    }

    @Test
    default void nothingToDoIsDone() {
        assertThat(compute().executor().prepare(List.of())).isEmpty();
        assertThat(Turns.observe(compute(), List.of())).isEmpty();
        compute().executor().cancel(List.of());
        compute().executor().withdraw(List.of());
    }

    @Test
    default void theClusterHasANameAndSlots() {
        assertThat(compute().traits().name()).isNotBlank();
        assertThat(compute().traits().slots()).isPositive();
        assertThat(compute().traits().settle().isNegative()).isFalse();
    }
}
