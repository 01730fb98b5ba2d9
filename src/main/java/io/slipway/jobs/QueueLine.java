package io.slipway.jobs;

/**
 * The jobs of one owner and priority that wait for one cluster.
 *
 * @param first id of the oldest
 */
public record QueueLine(int priority, Owner owner, long jobs, JobId first) {

    /** As it stands in the database. */
    public QueueLine(int priority, String owner, long jobs, String first) {
        this(priority, new Owner(owner), jobs, new JobId(first));
    }
}
