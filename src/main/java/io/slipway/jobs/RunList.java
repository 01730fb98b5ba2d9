package io.slipway.jobs;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs of one job. Those that a cluster gave back before they counted as an attempt are passed over, but where said. */
public final class RunList {

    private final List<Run> runs;

    RunList(List<Run> runs) {
        this.runs = runs;
    }

    /** One for each attempt that was started. */
    List<Run> kept() {
        return present().toList();
    }

    /** With those that the cluster gave back. */
    public List<Run> sent() {
        return List.copyOf(runs);
    }

    /** The last that was begun; not that of the current attempt while it waits. */
    public Optional<Run> last() {
        return present().max(Comparator.comparingInt(Run::attempt));
    }

    Optional<Run> ofAttempt(int attempt) {
        // No stream: the loop asks tens of thousands of times in a second.
        for (Run run : runs) {
            if (run.attempt() == attempt && !run.isWithdrawn()) {
                return Optional.of(run);
            }
        }
        return Optional.empty();
    }

    /** One of them, given back or not. */
    Run find(SubmissionKey submissionKey) {
        return runs.stream()
                .filter(run -> run.submissionKey().equals(submissionKey))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no run " + submissionKey));
    }

    /** What is known of the latest run that may have left something on its cluster. */
    public Optional<Cleanup.State> cleanup() {
        return runs.stream()
                .sorted(Comparator.comparing(Run::intentAt).reversed())
                .flatMap(run -> Stream.ofNullable(run.cleanup()))
                .findFirst();
    }

    /** What ended runs may still have running: the end of it is waited for, or could not be brought about. */
    public List<Leftover> leftovers() {
        return runs.stream()
                .filter(run -> run.endedAt() != null)
                .filter(run -> run.cleanup() == Cleanup.State.WAITING || run.cleanup() == Cleanup.State.FAILED)
                .map(Leftover::of)
                .toList();
    }

    private Stream<Run> present() {
        return runs.stream().filter(run -> !run.isWithdrawn());
    }
}
