package io.slipway.compute.emr.steps;

import io.slipway.artifacts.ArtifactName;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes steps of runs, with the files that they read in place. What is ready stays so until a call with it has left: a call that was not
 * made after all costs nothing the next time.
 */
final class StepStaging {

    private static final int REMEMBERED = 1_000;

    private final StepTranslation translation;
    private final Map<String, StepTranslation.Step> ready = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, StepTranslation.Step> eldest) {
            return size() > REMEMBERED;
        }
    };

    StepStaging(StepTranslation translation) {
        this.translation = translation;
    }

    /** @throws IOException when its files could not be put in place; a step with problems has none */
    StepTranslation.Step step(String submissionKey, String jobName, LaunchPlan plan) throws IOException {
        return step(submissionKey, jobName, plan, new HashSet<>());
    }

    /** @param programs those of ours that were staged a moment ago */
    StepTranslation.Step step(String submissionKey, String jobName, LaunchPlan plan, Set<ArtifactName> programs)
            throws IOException {
        StepTranslation.@Nullable Step before = ready.get(submissionKey);
        if (before != null) {
            return before;
        }
        StepTranslation.Step step = translation.step(jobName, submissionKey, plan);
        if (step.problems().isEmpty()) {
            translation.stage(step, programs);
        }
        ready.put(submissionKey, step);
        return step;
    }

    void left(String submissionKey) {
        ready.remove(submissionKey);
    }
}
