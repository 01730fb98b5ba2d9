package io.slipway.compute.emr.steps;

import io.slipway.jobs.Reason;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.FailureDetails;
import software.amazon.awssdk.services.emr.model.StepStatus;
import software.amazon.awssdk.services.emr.model.StepSummary;
import software.amazon.awssdk.services.emr.model.StepTimeline;

/** What a step's status says of its run. */
final class StepReports {

    private static final Logger log = LoggerFactory.getLogger(StepReports.class);

    private static final Pattern NOTHING_KNOWN = Pattern.compile("(?i)^unknown error\\.?[:\\s]*");

    private static final Pattern RETURN_CODE = Pattern.compile(
            "(?i)(?:unknown error\\.?[:\\s]*)?(?:rc|exit code|return code)\\s*[=:]?\\s*(-?\\d{1,5})\\.?");

    private final Set<String> unknownStates = ConcurrentHashMap.newKeySet();

    RunReport of(SubmissionKey submissionKey, String stepId, StepStatus status, Instant lookedFrom) {
        StepTimeline timeline =
                status.timeline() == null ? StepTimeline.builder().build() : status.timeline();
        Phase phase = phase(status, timeline.startDateTime());
        boolean ended = phase == Phase.SUCCEEDED || phase == Phase.FAILED || phase == Phase.CANCELLED;
        return new RunReport(
                submissionKey,
                phase,
                stepId,
                timeline.startDateTime(),
                ended ? timeline.endDateTime() : null,
                null,
                reason(phase, status),
                lookedFrom);
    }

    static @Nullable Instant createdAt(StepSummary step) {
        return step.status() == null || step.status().timeline() == null
                ? null
                : step.status().timeline().creationDateTime();
    }

    private Phase phase(StepStatus status, @Nullable Instant startedAt) {
        Phase live = startedAt == null ? Phase.PENDING : Phase.RUNNING;
        if (status.state() == null) {
            return live;
        }
        return switch (status.state()) {
            case PENDING -> Phase.PENDING;
            case RUNNING -> Phase.RUNNING;
            // A wish, not an end: a step may still complete under it.
            case CANCEL_PENDING -> live;
            case COMPLETED -> Phase.SUCCEEDED;
            case FAILED, INTERRUPTED -> Phase.FAILED;
            case CANCELLED -> Phase.CANCELLED;
            case UNKNOWN_TO_SDK_VERSION -> {
                if (unknownStates.add(status.stateAsString())) {
                    log.warn("EMR has a step state that is new here and is taken for live: {}", status.stateAsString());
                }
                yield live;
            }
        };
    }

    private static @Nullable Reason reason(Phase phase, StepStatus status) {
        return switch (phase) {
            case FAILED ->
                new Reason(
                        Code.RUN_FAILED,
                        status.stateAsString().equals("INTERRUPTED")
                                ? sentence("EMR interrupted the step", status)
                                : sentence("The step failed", status));
            case CANCELLED ->
                new Reason(Code.CANCELLED_ON_CLUSTER, sentence("The step was cancelled on the cluster", status));
            case ABSENT, PENDING, RUNNING, SUCCEEDED -> null;
        };
    }

    private static String sentence(String what, StepStatus status) {
        FailureDetails details =
                status.failureDetails() == null ? FailureDetails.builder().build() : status.failureDetails();
        String changed = status.stateChangeReason() == null
                ? null
                : status.stateChangeReason().message();
        String why = Stream.of(details.reason(), details.message(), changed)
                .filter(text -> text != null && !text.isBlank())
                .map(StepReports::inPlainWords)
                .filter(text -> !text.isEmpty())
                .distinct()
                .collect(Collectors.joining(": "));
        return what + (why.isEmpty() ? ", and EMR gave no reason; its logs may" : ": " + why) + "."
                + (details.logFile() == null ? "" : " Log: " + details.logFile());
    }

    /** Empty for what EMR says when it knows nothing. */
    private static String inPlainWords(String text) {
        Matcher status = RETURN_CODE.matcher(text.strip());
        if (status.matches()) {
            return "its command exited with status " + status.group(1);
        }
        String said = NOTHING_KNOWN.matcher(text.strip()).replaceFirst("");
        return said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
    }
}
