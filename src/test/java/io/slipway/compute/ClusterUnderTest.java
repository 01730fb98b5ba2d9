package io.slipway.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A cluster whose ports are held to their contracts. Each adapter's test implements the contracts of the ports that it has, and says how its
 * cluster is made to succeed, fail, last and go on.
 */
public interface ClusterUnderTest {

    /** What a run of {@link #orderThatSucceeds()} prints, on a line of its own. */
    String PRINTED = "printed by the run";

    int ROUNDS = 600;
    Set<Phase> LIVE = EnumSet.of(Phase.PENDING, Phase.RUNNING);

    /** The same one throughout a test. */
    Cluster compute();

    /** An order that was never sent, with a key of its own, whose run prints {@link #PRINTED} and ends well. */
    RunOrder orderThatSucceeds();

    /** An order that was never sent, with a key of its own, whose run ends badly. */
    RunOrder orderThatFails();

    /** An order that was never sent, with a key of its own, whose run ends only when it is cancelled. */
    RunOrder orderThatRunsLong();

    /** Lets some time pass for the runs: a moment of real time, or one move of a simulated cluster. */
    void letItGoOn();

    /** How many times a run of this key really came into being on the cluster. */
    int starts(String submissionKey);

    /** Sends one order and takes its being accepted for granted. */
    default RunRef accepted(RunOrder order) {
        List<StartResult> results = Turns.start(compute(), List.of(order));
        assertThat(results).singleElement().isInstanceOf(StartResult.Accepted.class);
        StartResult.Accepted accepted = (StartResult.Accepted) results.get(0);
        assertThat(accepted.submissionKey()).isEqualTo(order.run().submissionKey());
        return new RunRef(
                accepted.submissionKey(), accepted.remoteId(), order.run().intentAt());
    }

    /** The one report of a look at one run. */
    default RunReport look(RunRef run) {
        List<RunReport> reports = Turns.observe(compute(), List.of(run));
        assertThat(reports).hasSize(1);
        assertThat(reports.get(0).submissionKey()).isEqualTo(run.submissionKey());
        return reports.get(0);
    }

    /** Looks until the run has ended; on the way it may only wait and run. */
    default RunReport followToItsEnd(RunRef run) {
        return waitFor(run, EnumSet.of(Phase.SUCCEEDED, Phase.FAILED, Phase.CANCELLED));
    }

    default RunReport waitFor(RunRef run, Set<Phase> wanted) {
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
    default String read(RunStream stream, long offset) {
        try (InputStream bytes = stream.open(offset)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new AssertionError("cannot read " + stream.id(), e);
        }
    }

    default void end(RunRef run) {
        compute().executor().cancel(List.of(run));
        followToItsEnd(run);
    }

    /** Sends it, waits for its end, and finds out what it started. */
    default RunOrder ended(RunOrder order) {
        RunRef run = accepted(order);
        RunRef ended = named(run, followToItsEnd(run));
        RunOrder known = new RunOrder(ended, order.jobName(), order.plan());
        return compute()
                .output()
                .findApplication(known)
                .map(application -> new RunRef(
                        ended.submissionKey(), ended.remoteId(), ended.intentAt(), ended.clusterId(), application))
                .map(whole -> new RunOrder(whole, order.jobName(), order.plan()))
                .orElse(known);
    }

    private static RunRef named(RunRef run, RunReport report) {
        return new RunRef(run.submissionKey(), report.remoteId(), run.intentAt());
    }

    default List<SubmissionKey> keys(List<RunOrder> orders) {
        return orders.stream().map(order -> order.run().submissionKey()).toList();
    }
}
