package io.slipway.jobs;

import com.github.f4b6a3.ulid.Ulid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** How many jobs are in each state, counted no further than people care to know: a million ended jobs are not counted for a page. */
@Component
public class JobCounts {

    /** So many are counted; of more it is only known that they are more. */
    public static final int MOST = 999;

    private final PlannedAnew database;

    JobCounts(JdbcTemplate database) {
        this.database = new PlannedAnew(database);
    }

    /**
     * By state; one more than {@value #MOST} where there are more.
     *
     * @param owner {@code null} for everybody's
     * @param since only those that were sent then or later, to the millisecond; {@code null} for all
     */
    public Map<JobState, Long> of(@Nullable String owner, @Nullable Instant since) {
        List<Object> values = new ArrayList<>();
        String counts = Arrays.stream(JobState.values())
                .map(state -> count(state, owner, since, values))
                .collect(Collectors.joining(" union all "));
        Map<JobState, Long> all = new EnumMap<>(JobState.class);
        database.query(counts, values, (row, number) -> all.put(JobState.valueOf(row.getString(1)), row.getLong(2)));
        return all;
    }

    private static String count(JobState state, @Nullable String owner, @Nullable Instant since, List<Object> values) {
        values.add(state.name());
        if (owner != null) {
            values.add(owner);
        }
        if (since != null) {
            // Ids sort by time, and lie in the same index as what else is asked.
            values.add(Ulid.min(since.toEpochMilli()).toString());
        }
        return "select '" + state.name() + "', count(*) from (select j.id from job j where j.state = ?"
                + (owner == null ? "" : " and j.owner = ?")
                + (since == null ? "" : " and j.id >= ?")
                // In the order of the index that is meant.
                + " order by " + (owner == null ? "" : "j.owner desc, ") + "j.state desc, j.id desc limit " + (MOST + 1)
                + ") s";
    }
}
