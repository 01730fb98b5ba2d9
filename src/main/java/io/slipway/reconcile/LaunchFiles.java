package io.slipway.reconcile;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.jobs.Job;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Removes, on the leader, what the launchers of ended runs have read: it holds the environment of the job, which may be secret. The run
 * and its YARN application have ended then; of a failed step that nobody cleaned up after, so has the day after it. What was staged for a
 * run that was never sent goes some minutes after the end of its job.
 */
@Component
class LaunchFiles {

    private static final Logger log = LoggerFactory.getLogger(LaunchFiles.class);

    private static final int AT_ONCE = 100;

    private final Jobs jobs;
    private final ArtifactStore store;
    private final Leadership leadership;
    private final Clock clock;

    LaunchFiles(Jobs jobs, ArtifactStore store, Leadership leadership, Clock clock) {
        this.jobs = jobs;
        this.store = store;
        this.leadership = leadership;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${slipway.reconcile.launch-files:30s}")
    void sweep() {
        batches(this::ofRuns);
        batches(this::ofRunsNeverSent);
    }

    /** Goes on while whole batches are gone. What is not is found again by the next sweep. */
    private void batches(BooleanSupplier batch) {
        boolean more = true;
        while (more && leadership.isLeader()) {
            more = batch.getAsBoolean();
        }
    }

    private boolean ofRuns() {
        List<SubmissionKey> due = jobs.launchesDue(clock.instant(), Limit.of(AT_ONCE));
        List<SubmissionKey> gone = remove(due, Function.identity());
        if (!gone.isEmpty()) {
            jobs.launchesGone(gone);
        }
        return gone.size() == AT_ONCE;
    }

    private boolean ofRunsNeverSent() {
        List<Job> due = jobs.unsentLaunchesDue(Instant.EPOCH, clock.instant(), Limit.of(AT_ONCE));
        List<Job> gone = remove(due, Job::submissionKey);
        if (!gone.isEmpty()) {
            jobs.unsentLaunchesGone(gone.stream().map(job -> job.id().value()).toList());
        }
        return gone.size() == AT_ONCE;
    }

    private <T> List<T> remove(List<T> due, Function<T, SubmissionKey> key) {
        List<T> gone = new ArrayList<>();
        try {
            for (T one : due) {
                store.delete(ArtifactName.launch(key.apply(one).value()));
                gone.add(one);
            }
        } catch (IOException | RuntimeException failure) {
            log.warn("Launch files could not be removed and are tried again: {}", failure.toString());
        }
        return gone;
    }
}
