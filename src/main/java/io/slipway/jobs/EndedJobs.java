package io.slipway.jobs;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.hibernate.Hibernate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Jobs whose story is over: the only ones that may leave the table. */
@Component
public class EndedJobs {

    private final EntityManager entities;

    EndedJobs(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Those that ended before a time, with their runs, longest ago first.
     *
     * @param after the one to go on behind; empty for the first page
     */
    @Transactional(readOnly = true)
    public List<Job> endedBefore(Instant before, Optional<Job> after, int limit) {
        Instant from = after.map(Job::endedAt).orElse(Instant.EPOCH);
        String id = after.map(last -> last.id().value()).orElse("");
        List<Job> page = entities.createQuery(
                        "select j from Job j where j.endedAt < :before and j.endedAt >= :from"
                                + " and (j.endedAt > :from or j.id > :id) order by j.endedAt, j.id",
                        Job.class)
                .setParameter("before", before)
                .setParameter("from", from)
                .setParameter("id", id)
                .setMaxResults(limit)
                .getResultList();
        page.forEach(job -> Hibernate.initialize(job.runList()));
        return page;
    }

    /** Takes the job away with its history, its labels and its runs; an ended one never changes again, so no version is compared. */
    @Transactional
    public void remove(JobId id) {
        Job job = entities.find(Job.class, id.value());
        if (job == null) {
            return;
        }
        if (!job.state().isTerminal()) {
            throw new IllegalStateException("job " + id + " is " + job.state() + " and cannot be removed");
        }
        entities.createQuery("delete from JobEvent e where e.job = :job")
                .setParameter("job", job)
                .executeUpdate();
        entities.createQuery("delete from RunTraceback t where t.run.job = :job")
                .setParameter("job", job)
                .executeUpdate();
        entities.createQuery("delete from Run r where r.job = :job")
                .setParameter("job", job)
                .executeUpdate();
        entities.remove(job);
    }
}
