package io.slipway.environments;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

/** All environments. Changes go through {@link EnvironmentChanges}. */
public interface Environments extends Repository<Environment, String> {

    Optional<Environment> findById(String id);

    Optional<Environment> findFirstByKeyOrderByGenerationDesc(String key);

    List<Environment> findByStateInOrderById(Collection<EnvironmentState> states);

    @Query("select e from Environment e where e.id < :before order by e.id desc")
    List<Environment> newest(String before, Limit limit);

    /** An owner's own, and those that the owner's jobs wait for or run in. */
    @Query(
            value = "select e.* from environment e where e.id < :before and (e.owner = :owner"
                    + " or exists (select 1 from job j where j.built_environment_id = e.id and j.owner = :owner))"
                    + " order by e.id desc limit :most",
            nativeQuery = true)
    List<Environment> newestOf(String owner, String before, int most);

    /** How many jobs of the owner wait for it or run in it. */
    @Query(
            value = "select count(*) from job j where j.built_environment_id = :id and j.owner = :owner",
            nativeQuery = true)
    long uses(String id, String owner);

    /** Environments of the cluster whose last build missed the index of packages since, and after which none went well there. */
    @Query("select count(e) from Environment e where e.cluster = :cluster and e.faultAt > :since"
            + " and e.fault = io.slipway.environments.BuildFault.INDEX and not exists (select 1 from Environment b"
            + " where b.cluster = e.cluster and b.state = io.slipway.environments.EnvironmentState.READY"
            + " and b.endedAt > e.faultAt)")
    long missesOfIndex(String cluster, Instant since);

    /** That nobody used for long, and no job of which is kept. */
    @Query(
            value =
                    "select e.id from environment e where e.state not in ('WANTED', 'BUILDING') and e.last_used_at < :before"
                            + " and not exists (select 1 from job j where j.built_environment_id = e.id) order by e.id limit :most",
            nativeQuery = true)
    List<String> unused(Instant before, int most);

    void delete(Environment environment);

    /** Wishes that neither a job nor an environment has. */
    @Modifying
    @Transactional
    @Query(
            value = "delete from requirements where created_at < :before"
                    + " and not exists (select 1 from job j where j.requirements_id = requirements.id)"
                    + " and not exists (select 1 from environment e where e.requirements_id = requirements.id)",
            nativeQuery = true)
    int forgetRequirements(Instant before);
}
