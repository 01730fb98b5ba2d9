package io.slipway.compute.emr.steps;

import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.launch.StepName;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emr.model.ListStepsResponse;
import software.amazon.awssdk.services.emr.model.StepState;
import software.amazon.awssdk.services.emr.model.StepSummary;

/** The steps of a cluster that have not ended, by one listing which may be read in several goes. */
final class ActiveSteps {

    private final Instant began;
    private final Map<String, StepSummary> byId = new HashMap<>();
    private final Map<SubmissionKey, StepSummary> byKey = new HashMap<>();
    private @Nullable String marker;
    private boolean read;

    ActiveSteps(Instant began) {
        this.began = began;
    }

    /** Reads the rest. When the budget is spent before its end, what was read is kept for the next go. */
    void read(EmrCalls emr) {
        while (!read) {
            ListStepsResponse page = emr.activePage(marker);
            for (StepSummary step : page.steps()) {
                byId.put(step.id(), step);
                StepName.key(step.name()).ifPresent(key -> byKey.merge(key, step, StepHistory::older));
            }
            marker = page.marker();
            read = marker == null;
        }
    }

    /** Whether any of it was read. */
    boolean hasBegun() {
        return read || marker != null;
    }

    static boolean isActive(StepSummary step) {
        return switch (step.status().state()) {
            case PENDING, RUNNING, CANCEL_PENDING -> true;
            case COMPLETED, CANCELLED, FAILED, INTERRUPTED -> false;
            case UNKNOWN_TO_SDK_VERSION -> true;
        };
    }

    Instant began() {
        return began;
    }

    /** The run's step, by its id or else by its name; {@code null} when it is not active. */
    @Nullable
    StepSummary of(RunRef run) {
        String id = run.remoteId();
        return id == null ? byKey.get(run.submissionKey()) : byId.get(id);
    }

    /** Those that belong to none of the runs, whoever's they are. */
    OtherSteps othersThan(List<RunRef> runs) {
        Set<String> known = idsOf(runs);
        List<StepSummary> others = byId.values().stream()
                .filter(step -> !known.contains(step.id()))
                .toList();
        long waiting = others.stream()
                .filter(step -> step.status().state() == StepState.PENDING)
                .count();
        return new OtherSteps(others.size(), (int) waiting);
    }

    /** Steps with a key of our making that belong to none of the runs. */
    List<RunRef> unexpected(List<RunRef> runs) {
        Set<String> known = idsOf(runs);
        List<RunRef> unexpected = new ArrayList<>();
        byId.values().stream()
                .filter(step -> !known.contains(step.id()))
                .forEach(step ->
                        StepName.key(step.name()).ifPresent(key -> unexpected.add(new RunRef(key, step.id(), began))));
        return unexpected;
    }

    private Set<String> idsOf(List<RunRef> runs) {
        Set<String> known = new HashSet<>();
        for (RunRef run : runs) {
            StepSummary step = of(run);
            if (step != null) {
                known.add(step.id());
            }
        }
        return known;
    }
}
