package io.slipway.environments.emr;

import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.environments.BuildRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emr.model.ListStepsResponse;
import software.amazon.awssdk.services.emr.model.StepState;
import software.amazon.awssdk.services.emr.model.StepSummary;

/** The steps of builds on one EMR cluster, known by their names. */
final class BuildSteps {

    private static final String NAME = "Slipway environment ";

    /** Older ones EMR does not list any more. */
    private static final int HORIZON = 1_000;

    private final EmrCalls emr;

    BuildSteps(EmrCalls emr) {
        this.emr = emr;
    }

    EmrCalls calls() {
        return emr;
    }

    /** Without brackets, in which the keys of runs stand. */
    static String name(BuildRef ref) {
        return NAME + ref.intent();
    }

    /**
     * What a listing says.
     *
     * @param steps of the name, the oldest first
     * @param whole whether it reached back far enough to prove that there are no others
     */
    record Found(List<StepSummary> steps, boolean whole) {}

    /** @param since no step of the name is older */
    Found find(BuildRef ref, Instant since) {
        List<StepSummary> found = new ArrayList<>();
        String marker = null;
        int seen = 0;
        do {
            ListStepsResponse page = emr.newestPage(marker, Work.LIVE);
            for (StepSummary step : page.steps()) {
                seen++;
                if (name(ref).equals(step.name())) {
                    found.add(step);
                }
                Instant made = created(step);
                if (made != null && made.isBefore(since)) {
                    return new Found(sorted(found), true);
                }
            }
            marker = page.marker();
        } while (marker != null);
        return new Found(sorted(found), seen < HORIZON);
    }

    private static List<StepSummary> sorted(List<StepSummary> steps) {
        return steps.stream()
                .sorted(Comparator.comparing(
                        step -> Optional.ofNullable(created(step)).orElse(Instant.MAX)))
                .toList();
    }

    private static @Nullable Instant created(StepSummary step) {
        return step.status() == null || step.status().timeline() == null
                ? null
                : step.status().timeline().creationDateTime();
    }

    /** Empty when EMR does not list it any more. */
    Optional<StepSummary> step(String id) {
        return emr.steps(List.of(id), Work.LIVE).stream().findFirst();
    }

    static boolean isActive(StepSummary step) {
        StepState state = step.status().state();
        return state == StepState.PENDING
                || state == StepState.RUNNING
                || state == StepState.CANCEL_PENDING
                || state == StepState.UNKNOWN_TO_SDK_VERSION;
    }

    /** Since when it has run; {@code now} for one that still waits for its turn. */
    static Instant begun(StepSummary step, Instant now) {
        Instant start = step.status().timeline() == null
                ? null
                : step.status().timeline().startDateTime();
        return start == null ? now : start;
    }

    /** Why it ended without a word of its own, for people. */
    static String words(StepSummary step) {
        String state = "The step of the build ended as " + step.status().stateAsString() + " and left no result.";
        String reason = step.status().failureDetails() == null
                ? null
                : step.status().failureDetails().message();
        return reason == null ? state : state + " " + reason;
    }

    /** As long after its last listing a step is asked for again. */
    static Duration pace(Duration ofRuns) {
        return ofRuns.compareTo(Duration.ofSeconds(15)) > 0 ? ofRuns : ofRuns.multipliedBy(3);
    }
}
