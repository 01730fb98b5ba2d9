package io.slipway.compute.emr.steps;

import io.slipway.compute.PlannedRun;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts runs together by calls, with their files in place: one call for each runtime role, which is said once for all steps of a call, or
 * several where there are more steps than a call takes, and one for each run of a batch that EMR refused. A run for whose call there is no
 * token, or no time to stage, is left where it is.
 */
final class StepBatches {

    private static final Logger log = LoggerFactory.getLogger(StepBatches.class);

    /** Calls for runs of a refused batch in one turn; the account's burst is 10 calls. */
    private static final int LONE_CALLS = 4;

    /** After so many the store is taken to be away. */
    private static final int FAILURES = 3;

    private final EmrCalls emr;
    private final StepTranslation translation;
    private final RefusedTogether refused;
    private final Duration longestStaging;
    private final Clock clock;

    /** @param longestStaging what cannot be staged in this time goes with a later turn; the rest must get away */
    StepBatches(
            EmrCalls emr, StepTranslation translation, RefusedTogether refused, Duration longestStaging, Clock clock) {
        this.emr = emr;
        this.translation = translation;
        this.refused = refused;
        this.longestStaging = longestStaging;
        this.clock = clock;
    }

    /**
     * @param alone the one run that goes by it; {@code null} for a call of many
     * @param part counts the calls of one role
     */
    private record Call(
            Optional<String> executionRole, @Nullable SubmissionKey alone, int part) {
        Call next() {
            return new Call(executionRole, alone, part + 1);
        }

        boolean isLone() {
            return alone != null;
        }
    }

    List<StepBatch> prepare(List<PlannedRun> wanted) {
        Map<Call, List<StagedRun>> calls = new LinkedHashMap<>();
        List<StagedRun> failed = new ArrayList<>();
        Instant latest = clock.instant().plus(longestStaging);
        for (PlannedRun run : wanted) {
            boolean late = !calls.isEmpty() && clock.instant().isAfter(latest);
            if (late || failed.size() == FAILURES) {
                break;
            }
            Call call = call(run, calls);
            if (!calls.containsKey(call) && !reserve(call, calls)) {
                continue;
            }
            StagedRun staged = stage(run);
            if (isToBeSent(staged)) {
                calls.computeIfAbsent(call, none -> new ArrayList<>()).add(staged);
            } else {
                failed.add(staged);
            }
        }
        List<StepBatch> batches = new ArrayList<>();
        calls.forEach((call, runs) -> batches.add(new StepBatch(call.executionRole(), runs)));
        // Where nothing can be staged, one goes even so: its story then tells what keeps them all waiting.
        return calls.isEmpty() ? failed.stream().limit(1).map(this::alone).toList() : batches;
    }

    private StepBatch alone(StagedRun run) {
        return new StepBatch(translation.executionRole(run.run().plan()), List.of(run));
    }

    private Call call(PlannedRun run, Map<Call, List<StagedRun>> calls) {
        SubmissionKey key = run.submissionKey();
        Call call = new Call(translation.executionRole(run.plan()), refused.contains(key) ? key : null, 1);
        while (calls.getOrDefault(call, List.of()).size() == EmrCluster.STEPS_A_CALL) {
            call = call.next();
        }
        return call;
    }

    private boolean reserve(Call call, Map<Call, List<StagedRun>> calls) {
        long lone = calls.keySet().stream().filter(Call::isLone).count();
        return !(call.isLone() && lone == LONE_CALLS) && emr.reserveAddSteps(calls.size() + 1);
    }

    /** What cannot be staged now may be later; what is gone is to be refused. */
    private static boolean isToBeSent(StagedRun staged) {
        return staged.failure() == null || staged.failure() instanceof NoSuchFileException;
    }

    private StagedRun stage(PlannedRun run) {
        try {
            StepTranslation.Step step = translation.step(run.jobName(), run.submissionKey(), run.plan());
            if (step.problems().isEmpty()) {
                translation.stage(step);
            }
            return StagedRun.ready(run, step);
        } catch (IOException e) {
            log.warn("Cannot stage {}: {}", run.submissionKey(), e.toString());
            return StagedRun.failed(run, e);
        }
    }
}
