package io.slipway.compute.emr.steps;

import io.slipway.jobs.SubmissionKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Steps that go by one call, under one runtime role. Each goes once: whoever asks again gets no second step. */
public final class StepBatch {

    private final Optional<String> executionRole;
    private final Map<SubmissionKey, StagedRun> runs = new LinkedHashMap<>();
    private final Set<SubmissionKey> taken = new HashSet<>();

    StepBatch(Optional<String> executionRole, List<StagedRun> runs) {
        this.executionRole = executionRole;
        runs.forEach(run -> this.runs.put(run.key(), run));
    }

    public List<SubmissionKey> submissionKeys() {
        return new ArrayList<>(runs.keySet());
    }

    Optional<String> executionRole() {
        return executionRole;
    }

    /** The run of the key, to be sent; empty when it was taken before. */
    synchronized Optional<StagedRun> take(SubmissionKey submissionKey) {
        StagedRun run = runs.get(submissionKey);
        if (run == null) {
            throw new IllegalArgumentException(submissionKey + " is not in this batch");
        }
        return taken.add(submissionKey) ? Optional.of(run) : Optional.empty();
    }
}
