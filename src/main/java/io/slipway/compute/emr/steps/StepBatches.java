package io.slipway.compute.emr.steps;

import io.slipway.artifacts.ArtifactName;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.launch.StepTranslation;
import io.slipway.jobs.Job;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who goes with whom: one call for each runtime role, which is said once for all steps of a call, or several where there are more steps
 * than a call takes, and one for each run of a batch that EMR refused. A job for whose call there is no token, or no time to stage, is left where it is.
 */
final class StepBatches {

    private static final Logger log = LoggerFactory.getLogger(StepBatches.class);

    /** Calls for runs of a refused batch in one turn; the account's burst is 10 calls. */
    private static final int LONE_CALLS = 4;

    /** After so many the store is taken to be away. */
    private static final int FAILURES = 3;

    private final EmrCalls emr;
    private final StepTranslation translation;
    private final StepStaging staging;
    private final SentIntents sent;
    private final Duration longestStaging;
    private final Clock clock;

    /** @param longestStaging what cannot be staged in this time goes with a later turn; the rest must get away */
    StepBatches(
            EmrCalls emr,
            StepTranslation translation,
            StepStaging staging,
            SentIntents sent,
            Duration longestStaging,
            Clock clock) {
        this.emr = emr;
        this.translation = translation;
        this.staging = staging;
        this.sent = sent;
        this.longestStaging = longestStaging;
        this.clock = clock;
    }

    /**
     * @param alone the one run that goes by it; empty for a call of many
     * @param part counts the calls of one role
     */
    private record Call(Optional<String> executionRole, String alone, int part) {
        Call next() {
            return new Call(executionRole, alone, part + 1);
        }

        boolean isLone() {
            return !alone.isEmpty();
        }
    }

    List<List<Job>> of(List<Job> wanted) {
        Map<Call, List<Job>> calls = new LinkedHashMap<>();
        List<Job> failed = new ArrayList<>();
        Set<ArtifactName> programs = new HashSet<>();
        Instant latest = clock.instant().plus(longestStaging);
        for (Job job : wanted) {
            boolean late = !calls.isEmpty() && clock.instant().isAfter(latest);
            if (late || failed.size() == FAILURES) {
                break;
            }
            Call call = call(job, calls);
            if (!calls.containsKey(call) && !mayAdd(call, calls)) {
                continue;
            }
            if (isStaged(job, programs)) {
                calls.computeIfAbsent(call, none -> new ArrayList<>()).add(job);
            } else {
                failed.add(job);
            }
        }
        // Where nothing can be staged, one goes even so: its story then tells what keeps them all waiting.
        return calls.isEmpty() ? failed.stream().limit(1).map(List::of).toList() : List.copyOf(calls.values());
    }

    private Call call(Job job, Map<Call, List<Job>> calls) {
        String key = job.submissionKey();
        Call call = new Call(translation.executionRole(job.plan()), sent.isSuspect(key) ? key : "", 1);
        while (calls.getOrDefault(call, List.of()).size() == EmrCluster.STEPS_A_CALL) {
            call = call.next();
        }
        return call;
    }

    private boolean mayAdd(Call call, Map<Call, List<Job>> calls) {
        long lone = calls.keySet().stream().filter(Call::isLone).count();
        return !(call.isLone() && lone == LONE_CALLS) && emr.mayAddSteps(calls.size() + 1);
    }

    private boolean isStaged(Job job, Set<ArtifactName> programs) {
        try {
            staging.step(job.submissionKey(), job.name(), job.plan(), programs);
            return true;
        } catch (NoSuchFileException gone) {
            // To be refused.
            return true;
        } catch (IOException e) {
            log.warn("Cannot stage {}: {}", job.submissionKey(), e.toString());
            return false;
        }
    }
}
