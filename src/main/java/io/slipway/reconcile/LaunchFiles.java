package io.slipway.reconcile;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Removes, on the leader, what the launchers of ended runs have read: it holds the environment of the job, which may be secret. The run
 * and its YARN application have ended then; of a failed step that nobody cleaned up after, so has the day after it.
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
        List<SubmissionKey> due = List.of();
        do {
            if (!leadership.isLeader()) {
                return;
            }
            due = jobs.launchesDue(clock.instant(), Limit.of(AT_ONCE));
        } while (remove(due) && due.size() == AT_ONCE);
    }

    /** Whether all of them are gone. What is not is found again by the next sweep. */
    private boolean remove(List<SubmissionKey> keys) {
        List<SubmissionKey> gone = new ArrayList<>();
        try {
            for (SubmissionKey key : keys) {
                store.delete(ArtifactName.launch(key.value()));
                gone.add(key);
            }
        } catch (IOException | RuntimeException failure) {
            log.warn("Launch files could not be removed and are tried again: {}", failure.toString());
        }
        if (!gone.isEmpty()) {
            jobs.launchesGone(gone);
        }
        return gone.size() == keys.size();
    }
}
