package io.slipway.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the loop relies on, whatever the cluster is made of. Each adapter's test extends this class and says how its cluster is made
 * to succeed, fail, last and go on.
 */
public abstract class ComputeContract {

    /** What a run of {@link #orderThatSucceeds()} prints, on a line of its own. */
    protected static final String PRINTED = "printed by the run";

    private static final int ROUNDS = 600;
    private static final Set<Phase> LIVE = EnumSet.of(Phase.PENDING, Phase.RUNNING);

    /** The same one throughout a test. */
    protected abstract Compute compute();

    /** An order that was never sent, with a key of its own, whose run prints {@link #PRINTED} and ends well. */
    protected abstract RunOrder orderThatSucceeds();

    /** An order that was never sent, with a key of its own, whose run ends badly. */
    protected abstract RunOrder orderThatFails();

    /** An order that was never sent, with a key of its own, whose run ends only when it is cancelled. */
    protected abstract RunOrder orderThatRunsLong();

    /** Lets some time pass for the runs: a moment of real time, or one move of a simulated cluster. */
    protected abstract void letItGoOn();

    /** How many times a run of this key really came into being on the cluster. */
    protected abstract int starts(String submissionKey);

    @Test
    void anAcceptedRunIsLiveAndThenSucceeds() {
        RunRef run = accepted(orderThatSucceeds());

        RunReport end = followToItsEnd(run);

        assertThat(end.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(end.endedAt()).isNotNull();
        assertThat(end.startedAt()).isNotNull();
    }

    @Test
    void aRunThatEndsBadlyIsFailedWithASentence() {
        RunRef run = accepted(orderThatFails());

        RunReport end = followToItsEnd(run);

        assertThat(end.phase()).isEqualTo(Phase.FAILED);
        assertThat(end.reason()).isNotNull();
        assertThat(end.reason().message()).isNotBlank();
    }

    @Test
    void anEndedRunStaysAsItEnded() {
        RunRef run = accepted(orderThatSucceeds());
        RunReport end = followToItsEnd(run);

        letItGoOn();

        RunReport later = look(run);
        assertThat(later.phase()).isEqualTo(end.phase());
        assertThat(later.endedAt()).isEqualTo(end.endedAt());
        assertThat(later.exitStatus()).isEqualTo(end.exitStatus());
    }

    @Test
    void aCancelEndsTheRunAndMayBeRepeated() {
        RunRef run = accepted(orderThatRunsLong());
        waitFor(run, EnumSet.of(Phase.RUNNING));

        compute().cancel(List.of(run));
        compute().cancel(List.of(run));
        RunReport end = followToItsEnd(run);
        compute().cancel(List.of(run));

        assertThat(end.phase()).isEqualTo(Phase.CANCELLED);
        assertThat(look(run).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aCancelRightAfterTheStartIsNotLost() {
        RunRef run = accepted(orderThatRunsLong());

        compute().cancel(List.of(run));

        assertThat(followToItsEnd(run).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aRunThatIsGivenBackEndsCancelledAndIsNeverStartedAgainUnderItsKey() {
        RunOrder order = orderThatRunsLong();
        RunRef run = accepted(order);

        compute().withdraw(List.of(run));
        compute().withdraw(List.of(run));
        RunReport end = followToItsEnd(run);
        compute().withdraw(List.of(run));
        letItGoOn();

        assertThat(end.phase()).isEqualTo(Phase.CANCELLED);
        assertThat(look(run).phase()).isEqualTo(Phase.CANCELLED);
        assertThat(starts(order.run().submissionKey())).isEqualTo(1);
    }

    @Test
    void asManyRunsGoOnAtOnceAsThereAreSlotsAtMost() {
        assertThat(compute().runsAtOnce()).isBetween(1, compute().target().slots());
        assertThat(compute().others()).isEqualTo(Compute.Others.NONE);
    }

    @Test
    void aCancelOfAnEndedRunChangesNothing() {
        RunRef run = accepted(orderThatSucceeds());
        followToItsEnd(run);

        compute().cancel(List.of(run));
        letItGoOn();

        assertThat(look(run).phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aRunThatWasNeverSentIsAbsent() {
        RunOrder neverSent = orderThatSucceeds();

        RunReport report = look(neverSent.run());

        assertThat(report.phase()).isEqualTo(Phase.ABSENT);
        assertThat(starts(neverSent.run().submissionKey())).isZero();
    }

    @Test
    void cancelOfARunThatWasNeverSentIsHarmless() {
        RunOrder neverSent = orderThatSucceeds();

        compute().cancel(List.of(neverSent.run()));

        assertThat(look(neverSent.run()).phase()).isEqualTo(Phase.ABSENT);
    }

    @Test
    void aRunIsFoundByItsKeyAloneAndThenHasItsName() {
        RunOrder order = orderThatRunsLong();
        RunRef withName = accepted(order);

        RunReport found = look(order.run());

        assertThat(order.run().remoteId()).isNull();
        assertThat(found.phase()).isIn(LIVE);
        assertThat(found.remoteId()).isEqualTo(withName.remoteId());
        end(withName);
    }

    @Test
    void aRunThatIsKnownByItsKeyAloneCanBeCancelledOnceItWasSeen() {
        RunOrder order = orderThatRunsLong();
        accepted(order);
        RunReport seen = look(order.run());
        RunRef adopted =
                new RunRef(seen.submissionKey(), seen.remoteId(), order.run().intentAt());

        compute().cancel(List.of(adopted));

        assertThat(followToItsEnd(adopted).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void aRepeatedStartNeverMakesASecondRun() {
        RunOrder order = orderThatRunsLong();
        RunRef run = accepted(order);
        waitFor(run, EnumSet.of(Phase.RUNNING));

        StartResult whileItLives = compute().start(List.of(order)).get(0);
        end(run);
        StartResult whenItEnded = compute().start(List.of(order)).get(0);
        letItGoOn();

        assertThat(List.of(whileItLives, whenItEnded))
                .allSatisfy(result ->
                        assertThat(result).isInstanceOfAny(StartResult.Accepted.class, StartResult.Unknown.class));
        assertThat(starts(order.run().submissionKey())).isEqualTo(1);
        assertThat(look(run).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void severalOrdersOfOneCallAreSeveralRuns() {
        List<RunOrder> orders = List.of(orderThatSucceeds(), orderThatFails(), orderThatSucceeds());

        List<StartResult> results = compute().start(orders);

        assertThat(results).extracting(StartResult::submissionKey).containsExactlyInAnyOrderElementsOf(keys(orders));
        assertThat(results).allSatisfy(result -> assertThat(result).isInstanceOf(StartResult.Accepted.class));
        assertThat(keys(orders)).allSatisfy(key -> assertThat(starts(key)).isEqualTo(1));
        assertThat(orders.stream()
                        .map(order -> followToItsEnd(order.run()).phase())
                        .toList())
                .containsExactly(Phase.SUCCEEDED, Phase.FAILED, Phase.SUCCEEDED);
    }

    @Test
    void oneLookTellsOfRunsInEveryPhase() {
        RunRef ended = accepted(orderThatSucceeds());
        followToItsEnd(ended);
        RunRef failed = accepted(orderThatFails());
        followToItsEnd(failed);
        RunRef live = accepted(orderThatRunsLong());
        RunRef neverSent = orderThatSucceeds().run();

        Map<String, Phase> phases = compute().observe(List.of(neverSent, live, failed, ended)).stream()
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
    void whatARunPrintedCanBeReadAfterItsEnd() throws IOException {
        RunOrder ended = ended(orderThatSucceeds());

        for (RunStream stream : compute().streams(ended, null)) {
            stream.size().ifPresent(size -> assertThat(read(stream, size)).isEmpty());
            assertThat(LogStream.parse(stream.id().toString())).hasValue(stream.id());
        }

        assertThat(compute().streams(ended, null))
                .filteredOn(stream -> stream.id().equals(LogStream.STDOUT))
                .singleElement()
                .satisfies(stdout -> assertThat(read(stdout, 0).lines()).contains(PRINTED));
    }

    @Test
    void whatTheProgramPrintsIsExpectedUntilNothingMoreCanCome() {
        RunOrder order = orderThatSucceeds();
        assertThat(compute().expectedLogs(order, null).mayCome(LogStream.STDOUT))
                .as("before it was sent")
                .isTrue();

        RunOrder ended = ended(order);

        ExpectedLogs later =
                compute().expectedLogs(ended, order.run().intentAt().minus(Duration.ofDays(1)));
        assertThat(later.mayCome(LogStream.STDOUT)).isFalse();
        assertThat(later.isPossible(LogStream.STDOUT)).isTrue();
        assertThat(compute().streams(ended, null))
                .allSatisfy(stream -> assertThat(later.isPossible(stream.id())).isTrue());
    }

    @Test
    void aStreamIsReadFromWhereTheReaderStopped() {
        RunOrder ended = ended(orderThatSucceeds());

        assertThat(compute().streams(ended, null)).allSatisfy(stream -> {
            String whole = read(stream, 0);
            long half = whole.getBytes(StandardCharsets.UTF_8).length / 2;
            assertThat(whole).endsWith(read(stream, half));
            assertThat(read(stream, half).getBytes(StandardCharsets.UTF_8))
                    .hasSize((int) (whole.getBytes(StandardCharsets.UTF_8).length - half));
        });
    }

    @Test
    void nothingToDoIsDone() {
        assertThat(compute().start(List.of())).isEmpty();
        assertThat(compute().observe(List.of())).isEmpty();
        compute().cancel(List.of());
    }

    @Test
    void theTargetHasANameAndRoom() {
        assertThat(compute().target().name()).isNotBlank();
        assertThat(compute().target().slots()).isPositive();
        assertThat(compute().target().settle().isNegative()).isFalse();
    }

    /** Sends one order and takes its being accepted for granted. */
    protected RunRef accepted(RunOrder order) {
        List<StartResult> results = compute().start(List.of(order));
        assertThat(results).singleElement().isInstanceOf(StartResult.Accepted.class);
        StartResult.Accepted accepted = (StartResult.Accepted) results.get(0);
        assertThat(accepted.submissionKey()).isEqualTo(order.run().submissionKey());
        return new RunRef(
                accepted.submissionKey(), accepted.remoteId(), order.run().intentAt());
    }

    /** The one report of a look at one run. */
    protected RunReport look(RunRef run) {
        List<RunReport> reports = compute().observe(List.of(run));
        assertThat(reports).hasSize(1);
        assertThat(reports.get(0).submissionKey()).isEqualTo(run.submissionKey());
        return reports.get(0);
    }

    /** Looks until the run has ended; on the way it may only wait and run. */
    protected RunReport followToItsEnd(RunRef run) {
        return waitFor(run, EnumSet.of(Phase.SUCCEEDED, Phase.FAILED, Phase.CANCELLED));
    }

    protected RunReport waitFor(RunRef run, Set<Phase> wanted) {
        for (int round = 0; round < ROUNDS; round++) {
            RunReport report = look(run);
            if (wanted.contains(report.phase())) {
                return report;
            }
            assertThat(report.phase())
                    .as("on the way to %s: %s", wanted, report)
                    .isIn(LIVE);
            letItGoOn();
        }
        throw new AssertionError(run + " is not in " + wanted + ": " + look(run));
    }

    /** What a reader gets from there on; nothing of a stream that was never written. */
    protected static String read(RunStream stream, long offset) {
        try (InputStream bytes = stream.open(offset)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new AssertionError("cannot read " + stream.id(), e);
        }
    }

    private void end(RunRef run) {
        compute().cancel(List.of(run));
        followToItsEnd(run);
    }

    /** Sends it, waits for its end, and finds out what it started. */
    private RunOrder ended(RunOrder order) {
        RunRef run = accepted(order);
        RunRef ended = named(run, followToItsEnd(run));
        RunOrder known = new RunOrder(ended, order.jobName(), order.plan());
        return compute()
                .findApplication(known)
                .map(application -> new RunRef(
                        ended.submissionKey(), ended.remoteId(), ended.intentAt(), ended.place(), application))
                .map(whole -> new RunOrder(whole, order.jobName(), order.plan()))
                .orElse(known);
    }

    private static RunRef named(RunRef run, RunReport report) {
        return new RunRef(run.submissionKey(), report.remoteId(), run.intentAt());
    }

    private static List<String> keys(List<RunOrder> orders) {
        return orders.stream().map(order -> order.run().submissionKey()).toList();
    }
}
