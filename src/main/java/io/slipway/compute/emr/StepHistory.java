package io.slipway.compute.emr;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.StepSummary;

/**
 * Our steps of a complete listing, newest first.
 *
 * @param reach how far back it tells everything; {@code null} for all the time
 */
record StepHistory(Map<String, StepSummary> byKey, @Nullable Instant reach) {

    private static final Logger log = LoggerFactory.getLogger(StepHistory.class);

    /** EMR forgets a step when it has this many newer ones. */
    private static final int HORIZON = 1_000;

    static StepHistory read(EmrCalls emr, Instant backTo) {
        List<StepSummary> steps = emr.stepsBackTo(created -> created != null && created.isBefore(backTo));
        Map<String, StepSummary> byKey = new HashMap<>();
        steps.forEach(step -> StepName.key(step.name()).ifPresent(key -> byKey.merge(key, step, StepHistory::older)));
        return new StepHistory(byKey, reach(steps, backTo));
    }

    /** Whether a step that was created then, or later, would be in it. */
    boolean reaches(Instant then) {
        return reach == null || reach.isBefore(then);
    }

    /** Two steps under one key: the older is the run, whatever the younger is. */
    static StepSummary older(StepSummary one, StepSummary other) {
        log.warn("Steps {} and {} have the same submission key: {}", one.id(), other.id(), one.name());
        Instant oneAt = StepReports.createdAt(one);
        Instant otherAt = StepReports.createdAt(other);
        return otherAt != null && (oneAt == null || otherAt.isBefore(oneAt)) ? other : one;
    }

    private static @Nullable Instant reach(List<StepSummary> steps, Instant backTo) {
        if (steps.isEmpty()) {
            return null;
        }
        Instant last = StepReports.createdAt(steps.get(steps.size() - 1));
        if (last != null && last.isBefore(backTo)) {
            return last;
        }
        // The listing came to its end. Short of the horizon that is all there ever was.
        return steps.size() < HORIZON ? null : last == null ? Instant.MAX : last;
    }
}
