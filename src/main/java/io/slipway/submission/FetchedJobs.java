package io.slipway.submission;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.artifacts.Artifact;
import io.slipway.environments.RequirementsReading;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.NewJob;
import io.slipway.jobs.UnknownJob;
import io.slipway.project.HeldBytes;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.InvalidProject;
import io.slipway.sources.SourceFailure;
import io.slipway.submission.Preparation.Prepared;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Jobs in RECEIVING whose project is being fetched: from their first row to QUEUED, or to the end of a failed fetch. Each step may be
 * repeated, by this replica or another, since whoever does it can die at any moment.
 */
@Component
class FetchedJobs {

    private static final Logger log = LoggerFactory.getLogger(FetchedJobs.class);

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Jobs jobs;
    private final JobTransactions transactions;
    private final ArtifactStaging storage;
    private final DurableCommit durable;
    private final RequirementsReading requirements;
    private final LeftOutFiles leftOutFiles;
    private final PendingFetches pending;
    private final SubmissionSettings.Sources settings;
    private final Clock clock;
    private final Set<JobId> held = ConcurrentHashMap.newKeySet();

    FetchedJobs(
            Jobs jobs,
            JobTransactions transactions,
            ArtifactStaging storage,
            DurableCommit durable,
            RequirementsReading requirements,
            LeftOutFiles leftOutFiles,
            PendingFetches pending,
            SubmissionSettings settings,
            Clock clock) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.storage = storage;
        this.durable = durable;
        this.requirements = requirements;
        this.leftOutFiles = leftOutFiles;
        this.pending = pending;
        this.settings = settings.sources();
        this.clock = clock;
    }

    /** The job and its fetch, durable: the answer may be sent. The row of an artifact stands for the project that nobody knows yet. */
    Job insert(NewJob wanted, PendingFetches.Request request) {
        JobId id = new JobId(UlidCreator.getMonotonicUlid().toString());
        Instant now = clock.instant();
        Instant giveUp = now.plus(settings.giveUp());
        Job[] job = new Job[1];
        ArtifactFile unknown =
                new ArtifactFile(Artifact.Kind.PROJECT, NewJob.NOT_FETCHED, 0, HeldBytes.of(Path.of("")));
        storage.refer(List.of(unknown), missing -> {
            job[0] = transactions.insert(Job.fetching(id, wanted, now, giveUp));
            pending.add(id, request, now);
        });
        durable.sync();
        held.add(id);
        return job[0];
    }

    /** From now on this replica renews its hold. */
    void hold(JobId jobId) {
        held.add(jobId);
    }

    /** Keeps the fetches that are under way here, and ends the jobs that nobody wants any more. */
    void renew() {
        for (JobId jobId : held) {
            try {
                if (!pending.renew(jobId, clock.instant())) {
                    held.remove(jobId);
                } else if (jobs.findById(jobId).filter(Job::isStopRequested).isPresent()) {
                    cancelled(jobId);
                }
            } catch (RuntimeException away) {
                log.warn("The fetch for job {} could not be kept: {}", jobId, away.toString());
            }
        }
    }

    private void cancelled(JobId jobId) {
        // A wish to stop ends the job where it would have been queued.
        transactions.apply(jobId, job -> {
            job.queued(clock.instant());
            pending.remove(jobId);
        });
        held.remove(jobId);
    }

    /** The project is here and can become the job. */
    void accept(JobId jobId, Prepared prepared) throws IOException {
        ValidatedSubmission checked = prepared.checked();
        NewJob wanted = checked.wanted(requirements);
        List<ArtifactFile> files = checked.filesOfRun();
        try {
            List<ArtifactFile> missing = storage.refer(
                    files,
                    unknown -> transactions.apply(jobId, job -> {
                        job.fetched(wanted);
                        leftOutFiles.replace(jobId, checked.leftOut());
                    }));
            storage.put(missing);
            transactions.apply(jobId, job -> queue(job, wanted, missing));
            durable.sync();
            prepared.sent().stored(prepared.project());
        } catch (IllegalJobChange | UnknownJob ended) {
            log.info("Job {} has gone on, or has ended, without this fetch.", jobId);
            pending.remove(jobId);
        }
        held.remove(jobId);
    }

    private void queue(Job job, NewJob wanted, List<ArtifactFile> stored) {
        if (!job.projectId().equals(wanted.projectId())) {
            // Another replica took this one for dead, and has fetched another version meanwhile.
            throw new ConcurrentModificationException("two fetches of job " + job.id());
        }
        job.queued(clock.instant());
        storage.stored(stored);
        pending.remove(job.id());
    }

    /** Ends the job when it will never work, or not in time; else somebody tries again in a moment. */
    void failed(JobId jobId, Throwable failure) {
        try {
            Instant now = clock.instant();
            Optional<Job> job = jobs.findById(jobId).filter(seen -> seen.state() == JobState.RECEIVING);
            boolean isLate = job.map(seen -> !now.isBefore(seen.heartbeatAt())).orElse(true);
            if (job.isPresent() && !isLate && mayPass(failure)) {
                log.warn("The project of job {} was not fetched; it is tried again: {}", jobId, failure.toString());
                pending.holdUntil(jobId, now.plus(PAUSE));
            } else if (job.isEmpty()) {
                pending.remove(jobId);
            } else {
                transactions.apply(jobId, seen -> {
                    seen.sourceFailed(message(failure), now);
                    pending.remove(jobId);
                });
            }
        } catch (IllegalJobChange | UnknownJob ended) {
            log.info("Job {} has ended without its fetch.", jobId);
        } catch (RuntimeException away) {
            log.warn("The failed fetch of job {} is left to whoever takes it up: {}", jobId, away.toString());
        } finally {
            held.remove(jobId);
        }
    }

    private static boolean mayPass(Throwable failure) {
        if (failure instanceof SourceFailure known) {
            return known.kind() == SourceFailure.Kind.UNAVAILABLE;
        }
        boolean isDefinite = failure instanceof InvalidProject
                || failure instanceof UnknownReference
                || failure instanceof PlanHasWarnings;
        return !isDefinite || failure instanceof InspectionsBusy;
    }

    private static String message(Throwable failure) {
        Stream<String> details = failure instanceof InvalidProject invalid
                ? invalid.details().stream().map(detail -> detail.at() + ": " + detail.message())
                : failure instanceof PlanHasWarnings refused
                        ? refused.warnings().stream().map(each -> each.at() + ": " + each.what())
                        : Stream.empty();
        boolean isOurs = failure instanceof SourceFailure
                || failure instanceof InvalidProject
                || failure instanceof UnknownReference
                || failure instanceof PlanHasWarnings
                || failure instanceof StorageUnavailable
                || failure instanceof InspectionsBusy;
        String what = isOurs ? String.valueOf(failure.getMessage()) : "The service could not fetch or store it.";
        return Stream.concat(Stream.of("The project was not taken. " + what), details)
                .distinct()
                .collect(Collectors.joining(" "));
    }
}
