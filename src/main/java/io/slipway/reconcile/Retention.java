package io.slipway.reconcile;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.Cluster;
import io.slipway.compute.Clusters;
import io.slipway.jobs.EndedJobs;
import io.slipway.jobs.Job;
import io.slipway.jobs.Run;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Takes away what is over, a batch at a time, on the leader alone. What lies outside the database goes first: a job whose row is still
 * there is tried again, one without a row would leave its files for ever.
 */
@Component
class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final EndedJobs ended;
    private final UnneededArtifacts unneeded;
    private final ArtifactStore store;
    private final Clusters clusters;
    private final Leadership leadership;
    private final RetentionSettings settings;
    private final Clock clock;

    Retention(
            EndedJobs ended,
            UnneededArtifacts unneeded,
            ArtifactStore store,
            Clusters clusters,
            Leadership leadership,
            RetentionSettings settings,
            Clock clock) {
        this.ended = ended;
        this.unneeded = unneeded;
        this.store = store;
        this.clusters = clusters;
        this.leadership = leadership;
        this.settings = settings;
        this.clock = clock;
    }

    @Scheduled(
            fixedDelayString = "${slipway.retention.every:10m}",
            initialDelayString = "${slipway.retention.every:10m}")
    void sweep() {
        Instant now = clock.instant();
        int removed = removeJobs(now.minus(settings.endedJobs()));
        if (leadership.isLeader()) {
            int deleted = unneeded.sweep(now, settings.artifactGrace(), settings.batch(), leadership);
            if (removed + deleted > 0) {
                log.info("Retention removed {} jobs and {} projects.", removed, deleted);
            }
        }
    }

    private int removeJobs(Instant before) {
        int removed = 0;
        Optional<Job> last = Optional.empty();
        boolean more = true;
        while (more && leadership.isLeader()) {
            List<Job> page = ended.endedBefore(before, last, settings.batch());
            for (Job job : page) {
                removed += remove(job) ? 1 : 0;
            }
            more = page.size() == settings.batch();
            last = page.isEmpty() ? last : Optional.of(page.get(page.size() - 1));
        }
        return removed;
    }

    private boolean remove(Job job) {
        try {
            for (Run run : job.all().sent()) {
                if (!forget(job, run)) {
                    return false;
                }
            }
            if (job.currentRun().isEmpty()) {
                // It may have been staged for a run that was never intended after all.
                store.delete(ArtifactName.launch(job.submissionKey().value()));
            }
            ended.remove(job.id());
            return true;
        } catch (IOException | RuntimeException failure) {
            log.warn("Job {} could not be removed and is tried again: {}", job.id(), failure.toString());
            return false;
        }
    }

    private boolean forget(Job job, Run run) throws IOException {
        Optional<Cluster> cluster = clusters.find(job.cluster());
        // A cluster that is not configured any more keeps nothing that could be reached.
        if (cluster.isPresent() && !cluster.get().output().forget(run.ref())) {
            return false;
        }
        store.delete(ArtifactName.launch(run.submissionKey().value()));
        return true;
    }
}
