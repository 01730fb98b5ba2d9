package io.slipway.jobs;

import com.github.f4b6a3.ulid.Ulid;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** How many jobs are in each state, counted no further than people care to know: a million ended jobs are not counted for a page. */
@Component
public class JobCounts {

    /** So many are counted; of more it is only known that they are more. */
    public static final int MOST = 999;

    private final EntityManager entities;

    JobCounts(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * By state; one more than {@value #MOST} where there are more.
     *
     * @param owner {@code null} for everybody's
     * @param since only those that were sent then or later, to the millisecond; {@code null} for all
     */
    @Transactional(readOnly = true)
    public Map<JobState, Long> of(@Nullable String owner, @Nullable Instant since) {
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        for (JobState state : JobState.values()) {
            counts.put(state, count(state, owner, since));
        }
        return counts;
    }

    private long count(JobState state, @Nullable String owner, @Nullable Instant since) {
        TypedQuery<Long> query = entities.createQuery(
                        "select count(s.id) from (select j.id as id from Job j where j.state = :state"
                                + (owner == null ? "" : " and j.owner = :owner")
                                + (since == null ? "" : " and j.id >= :since")
                                // In the order of the index that is meant.
                                + " order by " + (owner == null ? "" : "j.owner desc, ") + "j.state desc, j.id desc"
                                + " limit " + (MOST + 1) + ") s",
                        Long.class)
                .setParameter("state", state);
        if (owner != null) {
            query.setParameter("owner", owner);
        }
        if (since != null) {
            // Ids sort by time, and lie in the same index as what else is asked.
            query.setParameter("since", Ulid.min(since.toEpochMilli()).toString());
        }
        return query.getSingleResult();
    }
}
