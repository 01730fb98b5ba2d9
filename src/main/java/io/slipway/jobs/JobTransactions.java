package io.slipway.jobs;

import jakarta.persistence.EntityManager;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.orm.jpa.hibernate.HibernateExceptionTranslator;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
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

    private static final HibernateExceptionTranslator HIBERNATE = new HibernateExceptionTranslator();

    private final Jobs jobs;
    private final EntityManager entities;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;

    JobTransactions(
            Jobs jobs,
            EntityManager entities,
            PlatformTransactionManager transactions,
            ApplicationEventPublisher events) {
        this.jobs = jobs;
        this.entities = entities;
        this.transaction = new TransactionTemplate(transactions);
        this.events = events;
    }

    /**
     * Inserts the job.
     *
     * @throws org.springframework.dao.DataIntegrityViolationException when its owner used the idempotency key before
     */
    public Job insert(Job job) {
        inTransaction(() -> {
            entities.persist(job);
            return job;
        });
        told(job, null);
        return job;
    }

    /**
     * Applies a fact or a wish to the job as it is now.
     *
     * @throws IllegalJobChange when it may not follow the job's state
     * @throws UnknownJob when there is no such job
     */
    public Job apply(String jobId, Consumer<Job> verb) {
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

    private Job change(String jobId, @Nullable Long expectedVersion, Consumer<Job> verb) {
        JobState[] before = new JobState[1];
        Job changed = inTransaction(() -> {
            Job job = jobs.findById(jobId).orElseThrow(() -> new UnknownJob(jobId));
            if (expectedVersion != null && job.version() != expectedVersion) {
                throw new OptimisticLockingFailureException("job " + jobId + " is at version " + job.version()
                        + ", the decision was taken at version " + expectedVersion);
            }
            before[0] = job.state();
            verb.accept(job);
            entities.flush();
            return job;
        });
        told(changed, before[0]);
        return changed;
    }

    /** In Spring's words for what a database refuses: a bare EntityManager throws Hibernate's. */
    private Job inTransaction(Supplier<Job> work) {
        try {
            return Objects.requireNonNull(transaction.execute(status -> work.get()));
        } catch (RuntimeException failure) {
            throw DataAccessUtils.translateIfNecessary(failure, HIBERNATE);
        }
    }

    private void told(Job job, @Nullable JobState before) {
        if (before != job.state()) {
            try (MDC.MDCCloseable ignored = MDC.putCloseable("job", job.id())) {
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
        events.publishEvent(new JobChanged(job.id(), job.cluster(), job.state()));
    }
}
