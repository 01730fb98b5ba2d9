package io.slipway.jobs;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only way in which jobs change: one verb, one transaction, one line in the log. It knows two kinds of change: a fact or a wish
 * holds whatever else was written meanwhile and is applied to the fresh row; a decision was taken on what somebody saw and fails
 * when that is out of date.
 */
@Component
public class JobTransactions {

    private static final Logger log = LoggerFactory.getLogger(JobTransactions.class);

    /** Two writers of one job are rare and short; more conflicts in a row than this mean that something is wrong. */
    private static final int TRIES = 8;

    /** Whoever wants one of these jobs meanwhile waits for all of them. */
    private static final int MOST_TOGETHER = 100;

    private final JobRows rows;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;

    JobTransactions(JdbcTemplate database, PlatformTransactionManager transactions, ApplicationEventPublisher events) {
        this.rows = new JobRows(database);
        this.transaction = new TransactionTemplate(transactions);
        this.events = events;
    }

    /**
     * Inserts the job.
     *
     * @throws org.springframework.dao.DataIntegrityViolationException when its owner used the idempotency key before
     */
    public Job insert(Job job) {
        transaction.executeWithoutResult(status -> rows.insert(job));
        announceOnceCommitted(job, null);
        return job;
    }

    /**
     * Applies a fact or a wish to the job as it is now.
     *
     * @throws IllegalJobChange when it may not follow the job's state
     * @throws UnknownJob when there is no such job
     */
    public Job apply(JobId jobId, Consumer<Job> verb) {
        for (int tries = 1; ; tries++) {
            try {
                return change(jobId, null, verb);
            } catch (OptimisticLockingFailureException conflict) {
                if (tries == TRIES) {
                    throw conflict;
                }
            }
        }
    }

    /**
     * Applies a decision that was taken on the job as it was seen.
     *
     * @throws OptimisticLockingFailureException when the job has changed since
     */
    public Job decide(Job seen, Consumer<Job> verb) {
        return change(seen.id(), seen.version(), verb);
    }

    /**
     * As {@link #apply}, of a job as the caller wrote it last: it is read again only when somebody else has changed it since. The verb may
     * be called for both.
     */
    public Job applyNext(Job written, Consumer<Job> verb) {
        try {
            return change(written.id(), () -> JobRows.Stored.as(written), null, verb);
        } catch (OptimisticLockingFailureException overtaken) {
            return apply(written.id(), verb);
        }
    }

    /**
     * Makes a change for each of several jobs, many in one transaction: its end costs more than the changes do. Where one of them fails,
     * nothing of that transaction is kept, and each of its changes is made by itself.
     *
     * @param change throws what is against it
     * @param alone the same, and deals with what is against it
     */
    public <J> void changeAll(List<J> all, Consumer<J> change, Consumer<J> alone) {
        for (int from = 0; from < all.size(); from += MOST_TOGETHER) {
            List<J> some = all.subList(from, Math.min(all.size(), from + MOST_TOGETHER));
            if (some.size() == 1 || !isDone(some, change)) {
                some.forEach(alone);
            }
        }
    }

    private <J> boolean isDone(List<J> some, Consumer<J> change) {
        try {
            transaction.executeWithoutResult(status -> some.forEach(change));
            return true;
        } catch (RuntimeException oneFailed) {
            log.debug("{} changes are made one by one: {}", some.size(), oneFailed.toString());
            return false;
        }
    }

    private Job change(JobId jobId, @Nullable Long expectedVersion, Consumer<Job> verb) {
        return change(
                jobId, () -> rows.find(jobId).orElseThrow(() -> new UnknownJob(jobId.value())), expectedVersion, verb);
    }

    private Job change(JobId jobId, Supplier<JobRows.Stored> read, @Nullable Long expectedVersion, Consumer<Job> verb) {
        try (MDC.MDCCloseable ignored = MDC.putCloseable("job", jobId.value())) {
            return changed(read, expectedVersion, verb);
        }
    }

    private Job changed(Supplier<JobRows.Stored> read, @Nullable Long expectedVersion, Consumer<Job> verb) {
        JobState[] before = new JobState[1];
        Job changed = transaction.execute(status -> {
            JobRows.Stored stored = read.get();
            Job job = stored.job();
            if (expectedVersion != null && job.version() != expectedVersion) {
                throw new OptimisticLockingFailureException("job " + job.id() + " is at version " + job.version()
                        + ", the decision was taken at version " + expectedVersion);
            }
            before[0] = job.state();
            verb.accept(job);
            rows.update(stored);
            if (!before[0].isTerminal() && job.state().isTerminal()) {
                // In the same transaction, or the daily numbers would miss it, or have it twice.
                rows.uncounted(job);
            }
            return job;
        });
        Job job = Optional.ofNullable(changed).orElseThrow();
        announceOnceCommitted(job, before[0]);
        return job;
    }

    /** Nobody hears of what is not committed: a caller may have a transaction of its own around this one. */
    private void announceOnceCommitted(Job job, @Nullable JobState before) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            announce(job, before);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                announce(job, before);
            }
        });
    }

    private void announce(Job job, @Nullable JobState before) {
        if (before != job.state()) {
            try (MDC.MDCCloseable ignored = MDC.putCloseable("job", job.id().value())) {
                log.info(
                        "Job {} of {} on {}: {} -> {}{}",
                        job.id(),
                        job.owner(),
                        job.cluster(),
                        before == null ? "new" : before,
                        job.state(),
                        job.reason().map(reason -> " (" + reason.code() + ")").orElse(""));
            }
        }
        if (before != job.state()) {
            events.publishEvent(new JobMoved(job, before));
        }
        events.publishEvent(new JobChanged(
                job.id(), job.cluster(), job.state(), job.environment().isPresent()));
    }
}
