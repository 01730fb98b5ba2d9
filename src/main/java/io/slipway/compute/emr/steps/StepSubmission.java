package io.slipway.compute.emr.steps;

import io.slipway.compute.ComputeUnavailable;
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
import io.slipway.jobs.Job;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.project.InvalidProject.Detail;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.HadoopJarStepConfig;
import software.amazon.awssdk.services.emr.model.StepConfig;

/** Adds the steps of some orders by one call, and those that clean up. */
public final class StepSubmission {

    private static final Logger log = LoggerFactory.getLogger(StepSubmission.class);

    private final EmrCalls emr;
    private final StepTranslation translation;
    private final StepStaging staging;
    private final StepBatches batches;
    private final SentIntents sent = new SentIntents();

    public StepSubmission(EmrCalls emr, StepTranslation translation, EmrSettings settings, Clock clock) {
        this.emr = emr;
        this.translation = translation;
        this.staging = new StepStaging(translation);
        // As long as a call may take, so that cancels and looks wait no longer for one than for the other.
        Duration longestStaging = settings.callDeadline();
        this.batches = new StepBatches(emr, translation, staging, sent, longestStaging, clock);
    }

    List<List<Job>> batches(List<Job> wanted) {
        return batches.of(wanted);
    }

    List<StartResult> send(List<RunOrder> orders) {
        List<StartResult> results = new ArrayList<>();
        Map<Optional<String>, List<Prepared>> byRole = new LinkedHashMap<>();
        for (RunOrder order : orders) {
            prepare(order, results)
                    .ifPresent(one -> byRole.computeIfAbsent(one.step().executionRole(), role -> new ArrayList<>())
                            .add(one));
        }
        byRole.forEach((role, together) -> results.addAll(add(together, role.orElse(null))));
        return results;
    }

    private record Prepared(RunRef run, StepTranslation.Step step, StepConfig config) {}

    private Optional<Prepared> prepare(RunOrder order, List<StartResult> results) {
        String key = order.run().submissionKey();
        if (sent.contains(order.run())) {
            results.add(new StartResult.Unknown(key, "It was sent under this intent before."));
            return Optional.empty();
        }
        try {
            StepTranslation.Step step = staging.step(key, order.jobName(), order.plan());
            List<Detail> problems = new ArrayList<>(step.problems());
            translation.objection(order.plan(), emr.clusterId()).ifPresent(problems::add);
            if (problems.isEmpty()) {
                StepConfig config = config(StepName.of(order.jobName(), key), step.arguments());
                return Optional.of(new Prepared(order.run(), step, config));
            }
            String words = problems.stream().map(Detail::message).collect(Collectors.joining(" "));
            results.add(new StartResult.Rejected(key, new Reason(Code.REJECTED_BY_CLUSTER, words)));
        } catch (NoSuchFileException e) {
            String words = "Its project is not in the bucket any more (" + e.getMessage() + "). Send it again.";
            results.add(new StartResult.Rejected(key, new Reason(Code.START_FAILED, words)));
        } catch (IOException e) {
            results.add(new StartResult.NotNow(key, "Its files could not be staged in S3: " + e.getMessage()));
        }
        return Optional.empty();
    }

    private List<StartResult> add(List<Prepared> steps, @Nullable String executionRole) {
        List<StartResult> results = new ArrayList<>();
        for (int from = 0; from < steps.size(); from += EmrCluster.STEPS_A_CALL) {
            List<Prepared> some = steps.subList(from, Math.min(steps.size(), from + EmrCluster.STEPS_A_CALL));
            results.addAll(call(
                    some.stream().map(Prepared::run).toList(),
                    some.stream().map(Prepared::config).toList(),
                    executionRole));
        }
        return results;
    }

    private List<StartResult> call(List<RunRef> runs, List<StepConfig> steps, @Nullable String executionRole) {
        List<String> keys = runs.stream().map(RunRef::submissionKey).toList();
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
                sent.suspect(keys);
            }
            return SubmitOutcome.failed(keys, e, departure.mayHaveLeft());
        } finally {
            if (departure.mayHaveLeft()) {
                runs.forEach(sent::add);
                keys.forEach(staging::left);
            }
        }
    }

    /** By a call of its own, once for each intent, and under the role of the runs: theirs are the only applications it may end. */
    StartResult cleanUp(RunRef run, List<RunOrder> stopped) {
        if (sent.contains(run)) {
            return new StartResult.Unknown(run.submissionKey(), "It was sent under this intent before.");
        }
        Optional<String> role = translation.executionRole(stopped.get(0).plan());
        List<String> keys =
                stopped.stream().map(order -> order.run().submissionKey()).toList();
        StepConfig step = config(
                StepName.of("Slipway cleanup", run.submissionKey()), CleanupArguments.of(keys, role.isPresent()));
        return call(List.of(run), List.of(step), role.orElse(null)).get(0);
    }

    private static StepConfig config(String name, List<String> arguments) {
        return StepConfig.builder()
                .name(name)
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
