package io.slipway.jobs;

import io.slipway.project.ArtifactId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

/** All jobs. Changes go through {@link JobTransactions}. */
public interface Jobs extends Repository<Job, String>, JobHistory {

    /** Another attempt waits until what the one before left on the cluster has ended. */
    String NOT_HELD = " and not exists (select 1 from Run r where r.job = j"
            + " and r.cleanup = io.slipway.jobs.Cleanup.State.WAITING)"
            // Nor does one go whose environment is still built.
            + " and (j.need.state is null or j.need.state <> io.slipway.jobs.EnvironmentNeed.State.AWAITED)";

    /** As a query, whose plan Hibernate keeps; by an entity graph it makes the SQL anew for each job. */
    @Query("select j from Job j left join fetch j.runs where j.id = :id")
    Optional<Job> findById(String id);

    default Optional<Job> findById(JobId id) {
        return findById(id.value());
    }

    @EntityGraph(attributePaths = "runs")
    Optional<Job> findByOwnerAndIdempotencyKey(String owner, String idempotencyKey);

    /** @param idempotencyKey {@code null} for a wish that repeats none */
    default Optional<Job> repeated(Owner owner, @Nullable String idempotencyKey) {
        return idempotencyKey == null ? Optional.empty() : findByOwnerAndIdempotencyKey(owner.value(), idempotencyKey);
    }

    @EntityGraph(attributePaths = "runs")
    List<Job> findByClusterAndStateInOrderById(String cluster, Collection<JobState> states);

    @EntityGraph(attributePaths = "runs")
    List<Job> findByIdIn(Collection<String> ids);

    /** Who waits for one cluster, and how many jobs each has there. */
    @Query("select new io.slipway.jobs.QueueLine(j.priority, j.owner, count(j), min(j.id)) from Job j"
            + " where j.cluster = :cluster and j.state = io.slipway.jobs.JobState.QUEUED" + NOT_HELD
            + " group by j.priority, j.owner")
    List<QueueLine> queueOf(String cluster);

    /** The oldest of one line. Their runs are not loaded: a limit and a joined list do not go together. */
    @Query("select j from Job j where j.cluster = :cluster and j.state = :state and j.priority = :priority"
            + " and j.owner = :owner" + NOT_HELD + " order by j.id")
    List<Job> oldestOfLine(String cluster, JobState state, int priority, String owner, Limit limit);

    default List<Job> oldestOf(QueueLine line, String cluster, Limit limit) {
        return oldestOfLine(
                cluster, JobState.QUEUED, line.priority(), line.owner().value(), limit);
    }

    /** Those that the cluster gave back, in the order in which it had them. */
    default List<Job> givenBack(String cluster, Limit limit) {
        return givenBack(cluster, Instant.EPOCH, limit);
    }

    @Query("select j from Job j where j.keptTurnAt > :after and j.cluster = :cluster"
            + " and j.state = io.slipway.jobs.JobState.QUEUED" + NOT_HELD
            + " order by j.keptTurnAt, j.priority desc, j.id")
    List<Job> givenBack(String cluster, Instant after, Limit limit);

    /** The oldest in the queue of a cluster. */
    @Query("select j.id from Job j where j.cluster = :cluster and j.state = io.slipway.jobs.JobState.QUEUED order by"
            + " j.id")
    List<String> waitingFor(String cluster, Limit limit);

    @Query("select j.id from Job j where j.cluster = :cluster and j.owner = :owner"
            + " and j.state = io.slipway.jobs.JobState.QUEUED order by j.id")
    List<String> waitingForOfOwner(String cluster, String owner, Limit limit);

    /** For which it is not known yet which environment they wait for, oldest first. */
    @Query("select j from Job j where j.need.state = io.slipway.jobs.EnvironmentNeed.State.AWAITED"
            + " and j.state = io.slipway.jobs.JobState.QUEUED and j.need.environmentId is null order by j.id")
    List<Job> needingEnvironments(Limit limit);

    /** Which environments jobs wait for. */
    @Query("select distinct j.need.environmentId from Job j"
            + " where j.need.state = io.slipway.jobs.EnvironmentNeed.State.AWAITED"
            + " and j.state = io.slipway.jobs.JobState.QUEUED and j.need.environmentId is not null")
    List<String> awaitedEnvironments();

    @Query("select j from Job j where j.need.state = io.slipway.jobs.EnvironmentNeed.State.AWAITED"
            + " and j.state = io.slipway.jobs.JobState.QUEUED and j.need.environmentId = :environmentId order by j.id")
    List<Job> awaiting(String environmentId, Limit limit);

    long countByOwnerAndStateIn(String owner, Collection<JobState> states);

    default long countOf(Owner owner, Collection<JobState> states) {
        return countByOwnerAndStateIn(owner.value(), states);
    }

    List<Job> findByStateAndHeartbeatAtBefore(JobState state, Instant lapsed);

    @EntityGraph(attributePaths = "runs")
    List<Job> findByStateAndQueueDeadlineAtLessThanEqual(JobState state, Instant now);

    @Query("select distinct j.cluster from Job j where j.state in :states")
    List<String> clustersOf(Collection<JobState> states);

    @Query("select j.cluster as cluster, j.state as state, count(j) as jobs from Job j where j.state in :states"
            + " group by j.cluster, j.state")
    List<ClusterLoad> countByClusterAndState(Collection<JobState> states);

    @Query("select j.cluster as cluster, j.state as state, count(j) as jobs from Job j where j.owner = :owner"
            + " and j.state in :states group by j.cluster, j.state")
    List<ClusterLoad> countOfOwner(String owner, Collection<JobState> states);

    @Query("select j.id as id, j.version as version from Job j where j.id in :ids")
    List<Version> versionsOf(Collection<String> ids);

    /** With their jobs. */
    @Query("select r from Run r join fetch r.job where r.submissionKey in :keys")
    List<Run> runsOf(Collection<String> keys);

    /** Those of the keys whose runs are on a cluster, and on which one. */
    default Map<String, String> clustersOfLive(Collection<String> keys) {
        return liveLocations(keys).stream().collect(Collectors.toMap(LivePlace::getKey, LivePlace::getCluster));
    }

    @Query("select r.submissionKey as key, j.cluster as cluster from Run r join r.job j"
            + " where r.submissionKey in :keys and r.endedAt is null")
    List<LivePlace> liveLocations(Collection<String> keys);

    default List<Run> runsOf(List<SubmissionKey> keys) {
        return runsOf(
                (Collection<String>) keys.stream().map(SubmissionKey::value).toList());
    }

    /** Whose applications are to be looked for now, with their jobs. */
    default List<Run> runsExpectingAnApplication(Instant now, Limit limit) {
        // H2 has the many runs without a time in front of all others, and would begin with them.
        return runsWithApplicationDue(Instant.EPOCH, now, limit);
    }

    @Query("select r from Run r join fetch r.job where r.applicationDueAt > :after and r.applicationDueAt <= :now"
            + " order by r.applicationDueAt")
    List<Run> runsWithApplicationDue(Instant after, Instant now, Limit limit);

    /**
     * Outside the version column: when to look again is no part of the story.
     *
     * @param keys of runs
     * @param next {@code null} for never
     */
    @Modifying
    @Transactional
    @Query("update Run r set r.applicationDueAt = :next where r.submissionKey in :keys and r.applicationId is null")
    int lookForApplications(Collection<String> keys, @Nullable Instant next);

    /**
     * Outside the version column: somebody waits for what needs the runs' applications. Who comes first after a while has them looked for
     * at once; who goes on waiting keeps the leader looking often.
     *
     * @param fresh how long a wish holds
     */
    @Modifying
    @Transactional
    @Query("update Run r set r.applicationWantedAt = :now, r.applicationDueAt = case when r.applicationWantedAt is"
            + " null or r.applicationWantedAt < :fresh then :now else r.applicationDueAt end where r.job.id in :jobIds and"
            + " r.applicationDueAt is not null and r.applicationId is null and (r.applicationWantedAt is null or"
            + " r.applicationWantedAt < :recent)")
    int wantApplications(Collection<String> jobIds, Instant now, Instant recent, Instant fresh);

    /** Why they failed is to be looked for in their logs now, with their jobs. */
    default List<Run> runsExpectingACause(Instant now, Limit limit) {
        return runsWithCauseDue(Instant.EPOCH, now, limit);
    }

    @Query("select r from Run r join fetch r.job where r.causeDueAt > :after and r.causeDueAt <= :now order by"
            + " r.causeDueAt")
    List<Run> runsWithCauseDue(Instant after, Instant now, Limit limit);

    /** Outside the version column: when to look again is no part of the story. */
    @Modifying
    @Transactional
    @Query("update Run r set r.causeDueAt = :next where r.submissionKey = :key and r.causeDueAt is not null")
    int lookForCause(String key, Instant next);

    default int lookForCause(SubmissionKey key, Instant next) {
        return lookForCause(key.value(), next);
    }

    /** With which the program of a run ended. */
    @Query("select t.lines from RunTraceback t where t.submissionKey = :key")
    Optional<String> tracebackOf(String key);

    default Optional<String> tracebackOf(SubmissionKey key) {
        return tracebackOf(key.value());
    }

    /** Whose launch files nobody needs any more. */
    default List<SubmissionKey> launchesDue(Instant now, Limit limit) {
        return launchesDue(Instant.EPOCH, now, limit).stream()
                .map(SubmissionKey::new)
                .toList();
    }

    @Query("select r.submissionKey from Run r where r.launchDueAt > :after and r.launchDueAt <= :now"
            + " order by r.launchDueAt")
    List<String> launchesDue(Instant after, Instant now, Limit limit);

    /** Jobs that ended in the queue: the file of a run that was never sent may lie there. */
    @Query("select j from Job j where j.unsentLaunchDueAt > :after and j.unsentLaunchDueAt <= :now"
            + " order by j.unsentLaunchDueAt")
    List<Job> unsentLaunchesDue(Instant after, Instant now, Limit limit);

    @Modifying
    @Transactional
    @Query("update Job j set j.unsentLaunchDueAt = null where j.id in :ids")
    int unsentLaunchesGone(Collection<String> ids);

    /** Outside the version column: that a file is gone is no part of the story. */
    @Modifying
    @Transactional
    @Query("update Run r set r.launchDueAt = null where r.submissionKey in :keys")
    int launchesGone(Collection<String> keys);

    default int launchesGone(List<SubmissionKey> keys) {
        return launchesGone(
                (Collection<String>) keys.stream().map(SubmissionKey::value).toList());
    }

    /** An owner's jobs of one name, newest first. */
    @Query("select j from Job j where j.owner = :owner and j.name = :name order by j.owner desc, j.name desc, j.id"
            + " desc")
    List<Job> newestNamed(String owner, String name, Limit limit);

    default List<Job> newestNamed(Owner owner, String name, Limit limit) {
        return newestNamed(owner.value(), name, limit);
    }

    /** Whether any job's id begins so, of one owner or of anybody. */
    default boolean anyIdBegins(String prefix, @Nullable String owner) {
        String last = prefix + "Z".repeat(26);
        return !(owner == null
                        ? idsBetween(prefix, last, Limit.of(1))
                        : idsOfOwnerBetween(owner, prefix, last, Limit.of(1)))
                .isEmpty();
    }

    @Query("select j.id from Job j where j.id between :from and :to")
    List<String> idsBetween(String from, String to, Limit limit);

    @Query("select j.id from Job j where j.owner = :owner and j.id between :from and :to")
    List<String> idsOfOwnerBetween(String owner, String from, String to, Limit limit);

    boolean existsByProjectIdAndOwner(String projectId, String owner);

    default boolean hasProject(Owner owner, ArtifactId projectId) {
        return existsByProjectIdAndOwner(projectId.value(), owner.value());
    }

    boolean existsByEnvironmentIdAndOwner(String environmentId, String owner);

    default boolean hasEnvironment(Owner owner, ArtifactId environmentId) {
        return existsByEnvironmentIdAndOwner(environmentId.value(), owner.value());
    }

    /** Outside the version column: a sign of life is no change of the story. */
    @Modifying
    @Transactional
    @Query("update Job j set j.heartbeatAt = :now where j.id = :id and j.state = io.slipway.jobs.JobState.RECEIVING")
    int heartbeat(String id, Instant now);

    default int heartbeat(JobId id, Instant now) {
        return heartbeat(id.value(), now);
    }

    /** How many jobs of one cluster are in one state. */
    interface ClusterLoad {
        String getCluster();

        JobState getState();

        long getJobs();

        static Map<JobState, Long> byState(List<ClusterLoad> loads) {
            return loads.stream()
                    .collect(Collectors.groupingBy(
                            ClusterLoad::getState, TreeMap::new, Collectors.summingLong(ClusterLoad::getJobs)));
        }

        static Map<String, Map<JobState, Long>> byCluster(List<ClusterLoad> loads) {
            return loads.stream()
                    .collect(Collectors.groupingBy(
                            ClusterLoad::getCluster,
                            Collectors.collectingAndThen(Collectors.toList(), ClusterLoad::byState)));
        }
    }

    /** Where a run is that has not ended. */
    interface LivePlace {
        String getKey();

        String getCluster();
    }

    /** How far the story of one job has come. */
    interface Version {
        String getId();

        long getVersion();
    }
}
