package io.slipway.compute.emr.steps;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.PlannedRun;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.compute.emr.client.Departure;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.client.EmrErrors;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.compute.emr.launch.CleanupArguments;
import io.slipway.compute.emr.launch.StepArguments;
import io.slipway.compute.emr.launch.StepName;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.InvalidProject.Detail;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.HadoopJarStepConfig;
import software.amazon.awssdk.services.emr.model.StepConfig;

/** Adds the steps of a batch by one call, and those that clean up. */
public final class StepSubmission {

    private static final Logger log = LoggerFactory.getLogger(StepSubmission.class);

    private final EmrCalls emr;
    private final StepTranslation translation;
    private final StepBatches batches;
    private final RefusedTogether refused = new RefusedTogether();

    public StepSubmission(EmrCalls emr, StepTranslation translation, EmrSettings settings, Clock clock) {
        this.emr = emr;
        this.translation = translation;
        // As long as a call may take, so that cancels and looks wait no longer for one than for the other.
        Duration longestStaging = settings.callDeadline();
        this.batches = new StepBatches(emr, translation, refused, longestStaging, clock);
    }

    List<StepBatch> prepare(List<PlannedRun> wanted) {
        return batches.prepare(wanted);
    }

    /** @param intents of runs of the batch */
    List<StartResult> send(StepBatch batch, List<RunRef> intents) {
        List<StartResult> results = new ArrayList<>();
        List<RunRef> runs = new ArrayList<>();
        List<StepConfig> steps = new ArrayList<>();
        for (RunRef intent : intents) {
            Optional<StagedRun> staged = batch.take(intent.submissionKey());
            if (staged.isEmpty()) {
                results.add(sentBefore(intent));
                continue;
            }
            Optional<StartResult> obstacle = obstacle(staged.get());
            if (obstacle.isPresent()) {
                results.add(obstacle.get());
                continue;
            }
            runs.add(intent);
            steps.add(config(staged.get()));
        }
        if (!runs.isEmpty()) {
            results.addAll(call(runs, steps, batch.executionRole().orElse(null)));
        }
        return results;
    }

    private static StartResult sentBefore(RunRef run) {
        return new StartResult.Unknown(run.submissionKey(), "It was sent under this intent before.");
    }

    /** What keeps the run from being sent. */
    private Optional<StartResult> obstacle(StagedRun staged) {
        SubmissionKey key = staged.key();
        StepTranslation.Step step = staged.step();
        if (step == null) {
            return Optional.of(notStaged(key, staged.failure()));
        }
        List<Detail> problems = new ArrayList<>(step.problems());
        translation.objection(staged.run().plan(), emr.clusterId()).ifPresent(problems::add);
        if (problems.isEmpty()) {
            return Optional.empty();
        }
        String words = problems.stream().map(Detail::message).collect(Collectors.joining(" "));
        return Optional.of(new StartResult.Rejected(key, new Reason(Code.REJECTED_BY_CLUSTER, words)));
    }

    private static StartResult notStaged(SubmissionKey key, @Nullable IOException failure) {
        String why = failure == null ? "" : failure.getMessage();
        return failure instanceof NoSuchFileException
                ? new StartResult.Rejected(
                        key,
                        new Reason(
                                Code.START_FAILED,
                                "Its project is not in the bucket any more (" + why + "). Send it again."))
                : new StartResult.NotNow(key, "Its files could not be staged in S3: " + why);
    }

    private List<StartResult> call(List<RunRef> runs, List<StepConfig> steps, @Nullable String executionRole) {
        List<SubmissionKey> keys = runs.stream().map(RunRef::submissionKey).toList();
        Departure departure = new Departure(oldestIntent(runs));
        try {
            return SubmitOutcome.answered(keys, emr.addSteps(steps, executionRole, departure));
        } catch (ComputeUnavailable.Spent later) {
            return keys.stream()
                    .<StartResult>map(key -> new StartResult.NotNow(key, "It waits: " + later.getMessage() + "."))
                    .toList();
        } catch (RuntimeException e) {
            log.warn("AddJobFlowSteps of {} for {}: {}", emr.clusterId(), keys, EmrErrors.words(e));
            if (keys.size() > 1 && SubmitOutcome.isFaultOfAStep(e)) {
                refused.add(keys);
            }
            return SubmitOutcome.failed(keys, e, departure.mayHaveLeft());
        }
    }

    /** By a call of its own and under the role of the runs: theirs are the only applications it may end. */
    StartResult cleanUp(RunRef run, List<RunOrder> stopped) {
        Optional<String> role = translation.executionRole(stopped.get(0).plan());
        List<SubmissionKey> keys =
                stopped.stream().map(order -> order.run().submissionKey()).toList();
        StepConfig step = config("Slipway cleanup", run.submissionKey(), CleanupArguments.of(keys, role.isPresent()));
        return call(List.of(run), List.of(step), role.orElse(null)).get(0);
    }

    private static StepConfig config(StagedRun staged) {
        StepTranslation.Step step = Objects.requireNonNull(staged.step(), "what has no step has an obstacle");
        return config(staged.run().jobName(), staged.key(), step.arguments());
    }

    private static StepConfig config(String jobName, SubmissionKey submissionKey, List<String> arguments) {
        return StepConfig.builder()
                .name(StepName.of(jobName, submissionKey))
                // EMR's own default may end the cluster when a job fails.
                .actionOnFailure(ActionOnFailure.CONTINUE)
                .hadoopJarStep(HadoopJarStepConfig.builder()
                        .jar(StepArguments.JAR)
                        .args(arguments)
                        .build())
                .build();
    }

    private static Instant oldestIntent(List<RunRef> runs) {
        return runs.stream().map(RunRef::intentAt).min(Instant::compareTo).orElseThrow();
    }
}
