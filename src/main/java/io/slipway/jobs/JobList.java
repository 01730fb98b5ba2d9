package io.slipway.jobs;

import java.util.List;
import org.hibernate.Hibernate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Pages through the jobs by id, which sorts by time: a page stays right while jobs arrive. */
@Component
public class JobList {

    private final Jobs jobs;

    JobList(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public JobSlice page(JobFilter filter, int limit) {
        List<Job> found = jobs.findBy(
                filter.specification(),
                query -> query.sortBy(filter.sort()).limit(limit + 1).all());
        // One query for all of them (default_batch_fetch_size), while the session is open.
        found.forEach(job -> Hibernate.initialize(job.runList()));
        boolean more = found.size() > limit;
        List<Job> items = more ? found.subList(0, limit) : found;
        return new JobSlice(items, more ? items.get(limit - 1).id() : null);
    }
}
