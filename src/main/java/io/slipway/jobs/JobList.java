package io.slipway.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Pages through the jobs behind the last one that was seen: a page stays right while jobs arrive. Which jobs they are is asked in plain
 * SQL; those that were read before come from memory. What is read here is shared, and is for reading only.
 */
@Component
public class JobList {

    /** A label of fewer jobs than these is where a search begins: each of them is looked at. */
    private static final int FEW = 2000;

    private final KnownJobs jobs;
    private final PlannedAnew database;
    private final int few;

    @Autowired
    JobList(KnownJobs jobs, JdbcTemplate database) {
        this(jobs, database, FEW);
    }

    JobList(KnownJobs jobs, JdbcTemplate database, int few) {
        this.jobs = jobs;
        this.database = new PlannedAnew(database);
        this.few = few;
    }

    /** Newest first. */
    public JobSlice page(JobFilter filter, int limit) {
        return page(new JobListing(filter, null, JobOrder.NEWEST, null), limit);
    }

    /** In an order of its own. A page that begins behind a job which is gone is the first one. */
    public JobSlice page(JobListing listing, int limit) {
        List<ListSql.Found> found = new ListSql(listing, few).find(database, last(listing), limit + 1);
        boolean more = found.size() > limit;
        List<ListSql.Found> page = more ? found.subList(0, limit) : found;
        return new JobSlice(jobs.all(page), more ? page.get(limit - 1).id() : null);
    }

    private @Nullable Job last(JobListing listing) {
        String after = listing.after();
        return after == null || listing.order().isById()
                ? null
                : JobId.parse(after).flatMap(jobs::find).orElse(null);
    }
}
