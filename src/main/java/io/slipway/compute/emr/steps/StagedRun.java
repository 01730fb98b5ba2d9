package io.slipway.compute.emr.steps;

import io.slipway.compute.PlannedRun;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A run whose step is ready to be sent, with its files in place; or what kept it from that.
 *
 * @param step {@code null} when it could not be made, or its files could not be staged
 * @param failure {@code null} when there is a step
 */
record StagedRun(
        PlannedRun run,
        StepTranslation.@Nullable Step step,
        @Nullable IOException failure) {

    static StagedRun ready(PlannedRun run, StepTranslation.Step step) {
        return new StagedRun(run, step, null);
    }

    static StagedRun failed(PlannedRun run, IOException failure) {
        return new StagedRun(run, null, failure);
    }

    SubmissionKey key() {
        return run.submissionKey();
    }
}
