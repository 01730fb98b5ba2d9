package io.slipway.compute.emr;

import io.slipway.artifacts.ArtifactName;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunOrder;
import io.slipway.compute.StartResult;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.RunRef;
import io.slipway.project.InvalidProject.Detail;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.ActionOnFailure;
import software.amazon.awssdk.services.emr.model.HadoopJarStepConfig;
import software.amazon.awssdk.services.emr.model.StepConfig;

/** Stages what the steps of some orders read, and adds the steps by one call. */
final class StepSubmission {

    private static final Logger log = LoggerFactory.getLogger(StepSubmission.class);

    /** As many steps as a cluster takes, ended ones left out. */
    static final int STEPS_A_CALL = 256;

    /** Runs of a refused batch that are sent by a call of their own in one go; the account's burst is 10 calls. */
    private static final int LONE_CALLS = 4;

    private final EmrCalls emr;
    private final StepTranslation translation;
    private final EmrSettings settings;
    private final Clock clock;
    private final SentIntents sent = new SentIntents();

    StepSubmission(EmrCalls emr, StepTranslation translation, EmrSettings settings, Clock clock) {
        this.emr = emr;
        this.translation = translation;
        this.settings = settings;
        this.clock = clock;
    }

    List<StartResult> send(List<RunOrder> orders) {
        List<StartResult> results = new ArrayList<>();
        List<Prepared> together = new ArrayList<>();
        for (RunOrder order : orders) {
            prepare(order, results).ifPresent(together::add);
        }
        Map<Optional<String>, List<Prepared>> batches = new LinkedHashMap<>();
        List<Prepared> suspects = new ArrayList<>();
        for (Prepared order : stage(together, results)) {
            (sent.isSuspect(order.key())
                            ? suspects
                            : batches.computeIfAbsent(order.step().executionRole(), role -> new ArrayList<>()))
                    .add(order);
        }
        // The role is said once for all steps of a call.
        batches.values().forEach(batch -> results.addAll(add(batch)));
        for (Prepared suspect : suspects) {
            results.addAll(
                    suspects.indexOf(suspect) < LONE_CALLS
                            ? add(List.of(suspect))
                            : List.of(notNow(
                                    suspect, "It goes by a call of its own, of which EMR takes few at a time.")));
        }
        return results;
    }

    private record Prepared(RunOrder order, StepTranslation.Step step) {
        String key() {
            return order.run().submissionKey();
        }
    }

    private Optional<Prepared> prepare(RunOrder order, List<StartResult> results) {
        String key = order.run().submissionKey();
        if (sent.contains(order.run())) {
            results.add(new StartResult.Unknown(key, "It was sent under this intent before."));
            return Optional.empty();
        }
        try {
            StepTranslation.Step step = translation.step(order.jobName(), key, order.plan());
            if (step.problems().isEmpty()) {
                return Optional.of(new Prepared(order, step));
            }
            results.add(
                    rejected(key, step.problems().stream().map(Detail::message).collect(Collectors.joining(" "))));
        } catch (IOException e) {
            results.add(notStaged(key, e));
        }
        return Optional.empty();
    }

    /** What cannot be staged in most of the time that the oldest intent lives goes with a later call: the rest must get away. */
    private List<Prepared> stage(List<Prepared> orders, List<StartResult> results) {
        List<Prepared> staged = new ArrayList<>();
        Set<ArtifactName> programs = new HashSet<>();
        if (orders.isEmpty()) {
            return staged;
        }
        Instant latest = oldestIntent(orders)
                .plus(settings.callDeadline().multipliedBy(3).dividedBy(4));
        for (Prepared order : orders) {
            if (staged.size() == STEPS_A_CALL
                    || (!staged.isEmpty() && clock.instant().isAfter(latest))) {
                results.add(notNow(order, "It did not fit into one call to EMR."));
                continue;
            }
            try {
                // What was staged in vain, because its call did not leave in time, is a head start for the next call.
                if (!sent.isStaged(order.key())) {
                    translation.stage(order.step(), programs);
                    sent.staged(order.key());
                }
                staged.add(order);
            } catch (IOException e) {
                results.add(notStaged(order.key(), e));
            }
        }
        return staged;
    }

    private static StartResult notStaged(String key, IOException failure) {
        log.warn("Cannot stage {}: {}", key, failure.toString());
        return new StartResult.NotNow(key, "Its files could not be staged in S3: " + failure.getMessage());
    }

    /** @param orders of one execution role */
    private List<StartResult> add(List<Prepared> orders) {
        List<String> keys = orders.stream().map(Prepared::key).toList();
        Departure departure = new Departure(oldestIntent(orders));
        try {
            List<String> ids = emr.addSteps(
                    orders.stream()
                            .map(order -> step(
                                    StepName.of(order.order().jobName(), order.key()),
                                    order.step().arguments()))
                            .toList(),
                    orders.get(0).step().executionRole().orElse(null),
                    departure);
            return SubmitOutcome.answered(keys, ids);
        } catch (ComputeUnavailable.Spent later) {
            return orders.stream()
                    .map(order -> notNow(order, "It waits: " + later.getMessage() + "."))
                    .toList();
        } catch (RuntimeException e) {
            log.warn("AddJobFlowSteps of {} for {}: {}", emr.clusterId(), keys, EmrErrors.words(e));
            if (keys.size() > 1 && SubmitOutcome.isFaultOfAStep(e)) {
                sent.suspect(keys);
            }
            return SubmitOutcome.failed(keys, e, departure.mayHaveLeft());
        } finally {
            if (departure.mayHaveLeft()) {
                orders.forEach(order -> sent.add(order.order().run()));
            }
        }
    }

    /** By a call of its own, once for each intent. */
    StartResult cleanUp(RunRef run, List<RunOrder> stopped) {
        if (sent.contains(run)) {
            return new StartResult.Unknown(run.submissionKey(), "It was sent under this intent before.");
        }
        Optional<String> role = translation.executionRole(stopped.get(0).plan());
        List<String> keys =
                stopped.stream().map(order -> order.run().submissionKey()).toList();
        StepConfig step =
                step(StepName.of("Slipway cleanup", run.submissionKey()), CleanupArguments.of(keys, role.isPresent()));
        Departure departure = new Departure(run.intentAt());
        List<String> key = List.of(run.submissionKey());
        try {
            return SubmitOutcome.answered(key, emr.addSteps(List.of(step), null, departure))
                    .get(0);
        } catch (ComputeUnavailable.Spent later) {
            return new StartResult.NotNow(run.submissionKey(), "It waits: " + later.getMessage() + ".");
        } catch (RuntimeException e) {
            log.warn("AddJobFlowSteps of {} for {}: {}", emr.clusterId(), key, EmrErrors.words(e));
            return SubmitOutcome.failed(key, e, departure.mayHaveLeft()).get(0);
        } finally {
            if (departure.mayHaveLeft()) {
                sent.add(run);
            }
        }
    }

    private static StepConfig step(String name, List<String> arguments) {
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

    private static Instant oldestIntent(List<Prepared> orders) {
        return orders.stream()
                .map(order -> order.order().run().intentAt())
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private static StartResult notNow(Prepared order, String why) {
        return new StartResult.NotNow(order.key(), why);
    }

    private static StartResult rejected(String key, String words) {
        return new StartResult.Rejected(key, new Reason(Code.REJECTED_BY_CLUSTER, words));
    }
}
