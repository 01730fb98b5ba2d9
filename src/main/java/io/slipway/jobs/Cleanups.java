package io.slipway.jobs;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The steps that clean up, and the runs that wait for one. */
public interface Cleanups extends Repository<Cleanup, String> {

    Cleanup save(Cleanup cleanup);

    void delete(Cleanup cleanup);

    Optional<Cleanup> findById(String submissionKey);

    default Optional<Cleanup> findById(SubmissionKey key) {
        return findById(key.value());
    }

    List<Cleanup> findByCluster(String cluster);

    /** Runs that have ended and for which nothing was sent yet. */
    @Query("select r from Run r join fetch r.job j where r.cleanup = io.slipway.jobs.Cleanup.State.WAITING"
            + " and r.cleanupKey is null and j.cluster = :cluster"
            + " and not (r.attempt = j.attempt and j.state in (io.slipway.jobs.JobState.SUBMITTING,"
            + " io.slipway.jobs.JobState.PENDING, io.slipway.jobs.JobState.RUNNING)) order by r.submissionKey")
    List<Run> runsWaiting(String cluster, Limit limit);

    /** Where runs wait for one, sent or not, or one is under way. */
    @Query("select r.job.cluster from Run r where r.cleanup = io.slipway.jobs.Cleanup.State.WAITING"
            + " union select c.cluster from Cleanup c")
    List<String> clusters();

    @Query("select r from Run r join fetch r.job where r.cleanupKey = :cleanupKey order by r.submissionKey")
    List<Run> runsOf(String cleanupKey);

    default List<Run> runsOf(SubmissionKey cleanupKey) {
        return runsOf(cleanupKey.value());
    }
}
