package io.slipway.compute.emr.steps;

import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.launch.StepName;
import io.slipway.jobs.SubmissionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.ListStepsResponse;
import software.amazon.awssdk.services.emr.model.StepSummary;

/** Our steps of a complete listing, newest first, which may be read in several goes. */
final class StepHistory {

    private static final Logger log = LoggerFactory.getLogger(StepHistory.class);

    /**
     * Of more than 1,000 steps EMR forgets those that ended, the oldest first. A listing that ends some way before that has come to the
     * first step of all; one that ends nearer may have lost steps at its end while its pages were read.
     */
    private static final int HORIZON = 900;

    private final Instant began;
    private final Instant backTo;
    private final List<StepSummary> steps = new ArrayList<>();
    private final Map<SubmissionKey, StepSummary> byKey = new HashMap<>();
    private @Nullable String marker;
    private boolean read;

    /** @param backTo how far back it is to be read */
    StepHistory(Instant began, Instant backTo) {
        this.began = began;
        this.backTo = backTo;
    }

    /** Reads the rest. When the budget is spent before its end, what was read is kept for the next go. */
    void read(EmrCalls emr) {
        while (!read) {
            ListStepsResponse page = emr.newestPage(marker, Work.FINISHED);
            steps.addAll(page.steps());
            page.steps()
                    .forEach(step ->
                            StepName.key(step.name()).ifPresent(key -> byKey.merge(key, step, StepHistory::older)));
            marker = page.marker();
            read = marker == null || isOldEnough();
        }
    }

    Instant began() {
        return began;
    }

    Optional<StepSummary> find(SubmissionKey submissionKey) {
        return Optional.ofNullable(byKey.get(submissionKey));
    }

    /** Whether a step that was created then, or later, would be in it. */
    boolean reaches(Instant then) {
        if (steps.isEmpty() || (!isOldEnough() && steps.size() < HORIZON)) {
            // The listing came to its end short of the horizon: that is all there ever was.
            return true;
        }
        return hasEndedOneFromBefore(then);
    }

    private boolean isOldEnough() {
        return hasEndedOneFromBefore(backTo);
    }

    /** A step that is still active is remembered however old it is, and shows of no other that it would be, too. */
    private boolean hasEndedOneFromBefore(Instant then) {
        for (int index = steps.size() - 1; index >= 0; index--) {
            StepSummary step = steps.get(index);
            if (!ActiveSteps.isActive(step)) {
                Instant created = StepReports.createdAt(step);
                return created != null && created.isBefore(then);
            }
        }
        return false;
    }

    /** Two steps under one key: the older is the run, whatever the younger is. */
    static StepSummary older(StepSummary one, StepSummary other) {
        log.warn("Steps {} and {} have the same submission key: {}", one.id(), other.id(), one.name());
        Instant oneAt = StepReports.createdAt(one);
        Instant otherAt = StepReports.createdAt(other);
        return otherAt != null && (oneAt == null || otherAt.isBefore(oneAt)) ? other : one;
    }
}
