package io.slipway.submission;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.environments.RequirementsReading;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.NewJob;
import io.slipway.project.archive.LeftOut;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * From a checked project to a durable job: the row in RECEIVING, the bytes in the store, the row in QUEUED; where the bytes are known to
 * be in the store, one transaction writes all of it. Requests that repeat a key join the first one: they store the same bytes, and
 * whoever commits QUEUED first wins.
 */
@Component
class Acceptance {

    private static final Logger log = LoggerFactory.getLogger(Acceptance.class);

    /** A key can be freed and taken again between two looks; more often than this somebody is playing. */
    private static final int TRIES = 5;

    private final Jobs jobs;
    private final JobTransactions transactions;
    private final ArtifactStaging storage;
    private final DurableCommit durable;
    private final RequirementsReading requirements;
    private final LeftOutFiles leftOutFiles;
    private final Clock clock;
    private final Set<JobId> storing = ConcurrentHashMap.newKeySet();

    Acceptance(
            Jobs jobs,
            JobTransactions transactions,
            ArtifactStaging storage,
            DurableCommit durable,
            RequirementsReading requirements,
            LeftOutFiles leftOutFiles,
            Clock clock) {
        this.jobs = jobs;
        this.transactions = transactions;
        this.storage = storage;
        this.durable = durable;
        this.requirements = requirements;
        this.leftOutFiles = leftOutFiles;
        this.clock = clock;
    }

    Submitted accept(ValidatedSubmission checked) {
        return accept(checked.wanted(requirements), checked.filesOfRun(), checked.leftOut());
    }

    Submitted accept(NewJob wanted, List<ArtifactFile> files) {
        return accept(wanted, files, List.of());
    }

    private Submitted accept(NewJob wanted, List<ArtifactFile> files, List<LeftOut> leftOut) {
        for (int tries = 1; tries <= TRIES; tries++) {
            Optional<Submitted> answer = answer(wanted, files, leftOut);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new StorageUnavailable(
                "Other requests with the same Idempotency-Key kept failing while this one was stored.",
                new IllegalStateException("gave up after " + TRIES + " tries"));
    }

    /** Empty when the row was given up while its bytes were stored: the key is free, and this request begins anew. */
    private Optional<Submitted> answer(NewJob wanted, List<ArtifactFile> files, List<LeftOut> leftOut) {
        JobId id = new JobId(UlidCreator.getMonotonicUlid().toString());
        Optional<Job> earlier = jobs.repeated(wanted.owner(), wanted.idempotencyKey());
        if (earlier.isEmpty()) {
            try {
                return receive(id, wanted, files, leftOut).map(job -> new Submitted(job, true));
            } catch (DataIntegrityViolationException conflict) {
                // The request that was faster.
                earlier = Optional.of(
                        jobs.repeated(wanted.owner(), wanted.idempotencyKey()).orElseThrow(() -> conflict));
            }
        }
        Job first = earlier.get();
        if (!first.fingerprint().equals(wanted.fingerprint())) {
            throw new IdempotencyKeyReused(String.valueOf(wanted.idempotencyKey()), first.id());
        }
        Optional<Job> joined = first.state() == JobState.RECEIVING
                ? store(first.id(), files, verb -> transactions.apply(first.id(), verb))
                : Optional.of(first);
        return joined.map(job -> new Submitted(job, false));
    }

    /** Inserts the row; with a project that is stored already the job is queued at once. */
    private Optional<Job> receive(JobId id, NewJob wanted, List<ArtifactFile> files, List<LeftOut> leftOut) {
        Job[] job = new Job[1];
        List<ArtifactFile> missing = storage.refer(files, unknown -> {
            job[0] = insert(id, wanted, unknown.isEmpty());
            leftOutFiles.record(id, leftOut);
        });
        if (missing.isEmpty()) {
            durable.sync();
            return Optional.of(job[0]);
        }
        return store(id, missing, verb -> transactions.applyNext(job[0], verb));
    }

    private Job insert(JobId id, NewJob wanted, boolean isStored) {
        Instant now = clock.instant();
        Job job = Job.receiving(id, wanted, now);
        if (isStored) {
            job.queued(now);
        }
        return transactions.insert(job);
    }

    /** Puts the bytes in place and makes the job QUEUED, unless somebody else just did; empty when the job was given up. */
    private Optional<Job> store(JobId jobId, List<ArtifactFile> files, Function<Consumer<Job>, Job> change) {
        storing.add(jobId);
        try {
            storage.put(files);
            return Optional.of(queued(files, change));
        } catch (IllegalJobChange givenUp) {
            return Optional.empty();
        } catch (UnknownReference gone) {
            giveUp(jobId);
            throw gone;
        } catch (IOException failure) {
            giveUp(jobId);
            throw new StorageUnavailable("The project could not be stored: " + failure.getMessage(), failure);
        } finally {
            storing.remove(jobId);
        }
    }

    private Job queued(List<ArtifactFile> files, Function<Consumer<Job>, Job> change) {
        Job job = change.apply(fresh -> {
            // A joined request may have been faster: any state behind RECEIVING, but a given-up upload, says that the
            // job is safe.
            if (fresh.state() == JobState.RECEIVING || fresh.queuedAt() == null) {
                fresh.queued(clock.instant());
                storage.stored(files);
            }
        });
        durable.sync();
        return job;
    }

    private void giveUp(JobId jobId) {
        try {
            transactions.apply(jobId, job -> {
                if (job.state() == JobState.RECEIVING) {
                    job.uploadInterrupted(clock.instant());
                }
            });
        } catch (RuntimeException later) {
            log.warn("Job {} stays RECEIVING until its heartbeat lapses: {}", jobId, later.toString());
        }
    }

    @Scheduled(fixedDelayString = "${slipway.submission.heartbeat:5s}")
    void beat() {
        storing.forEach(jobId -> jobs.heartbeat(jobId, clock.instant()));
    }
}
