package io.slipway.jobs;

import java.util.List;
import org.hibernate.Hibernate;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Pages through the jobs behind the last one that was seen: a page stays right while jobs arrive. */
@Component
public class JobList {

    private final Jobs jobs;

    JobList(Jobs jobs) {
        this.jobs = jobs;
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public JobSlice page(JobFilter filter, int limit) {
        return page(filter.specification(), filter.sort(JobOrder.NEWEST), limit);
    }

    /** In an order of its own. A page that begins behind a job which is gone is the first one. */
    @Transactional(readOnly = true)
    public JobSlice page(JobListing listing, int limit) {
        return page(
                listing.specification().and(behind(listing)), listing.filter().sort(listing.order()), limit);
    }

    private Specification<Job> behind(JobListing listing) {
        String after = listing.after();
        if (after == null) {
            return Specification.unrestricted();
        }
        if (listing.order().isById()) {
            return listing.order().behind(after);
        }
        return jobs.findById(after).map(listing.order()::behind).orElseGet(Specification::unrestricted);
    }

    private JobSlice page(Specification<Job> wanted, Sort sort, int limit) {
        List<Job> found =
                jobs.findBy(wanted, query -> query.sortBy(sort).limit(limit + 1).all());
        // One query for all of them (default_batch_fetch_size), while the session is open.
        found.forEach(job -> Hibernate.initialize(job.runList()));
        boolean more = found.size() > limit;
        List<Job> items = more ? found.subList(0, limit) : found;
        return new JobSlice(items, more ? items.get(limit - 1).id().value() : null);
    }
}
