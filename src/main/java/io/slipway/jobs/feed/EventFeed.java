package io.slipway.jobs.feed;

import io.slipway.jobs.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * All events in the order in which they came to light. An event gets its position after its commit, under the lock of one row, so
 * positions become visible in their order and who reads behind one never misses what was committed late.
 */
@Component
public class EventFeed {

    /** One short transaction numbers at most so many. */
    private static final int NUMBERED_AT_ONCE = 500;

    /** Positions that one query looks at, whatever it finds there: an owner with few events among very many is no long query. */
    private static final int WINDOW = 5000;

    /** Windows that one page looks at before it answers with what it has. */
    private static final int MOST_WINDOWS = 20;

    private final JdbcClient database;
    private final JdbcTemplate batches;
    private final TransactionTemplate transaction;

    EventFeed(JdbcClient database, JdbcTemplate batches, PlatformTransactionManager transactions) {
        this.database = database;
        this.batches = batches;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Where the feed ends now: everything up to here is committed and stays as it is. */
    public long end() {
        return database.sql("select next_position - 1 from feed where id = 1")
                .query(Long.class)
                .single();
    }

    /** Gives every event that was committed and has no position its own. Any replica may; one at a time does. */
    void number() {
        int numbered = NUMBERED_AT_ONCE;
        // Looked for before the row is locked: replicas that find nothing to do are in nobody's way.
        while (numbered == NUMBERED_AT_ONCE && !unnumbered(1).isEmpty()) {
            Integer some = transaction.execute(status -> numberSome());
            numbered = some == null ? 0 : some;
        }
    }

    private int numberSome() {
        long next = database.sql("select next_position from feed where id = 1 for update")
                .query(Long.class)
                .single();
        // By id: the lines of one job stay in the order of its changes, which exclude each other.
        List<Long> ids = unnumbered(NUMBERED_AT_ONCE);
        batches.batchUpdate(
                "update job_event set feed_position = ? where id = ?",
                IntStream.range(0, ids.size())
                        .mapToObj(at -> new Object[] {next + at, ids.get(at)})
                        .toList());
        database.sql("update feed set next_position = ? where id = 1")
                .param(next + ids.size())
                .update();
        return ids.size();
    }

    private List<Long> unnumbered(int limit) {
        return database.sql("select id from job_event where feed_position is null order by id limit ?")
                .param(limit)
                .query(Long.class)
                .list();
    }

    /**
     * What is behind a position. A page may have fewer events than the limit, or none, and there be more: one call looks at a bounded
     * piece of the feed.
     *
     * @param after a position that is not kept any more, or beyond the end, goes on from what there is
     */
    public FeedPage after(long after, FeedFilter filter, int limit) {
        long end = end();
        if (filter.jobId() != null) {
            return ofJob(after, end, filter, limit);
        }
        List<FeedEvent> found = new ArrayList<>();
        long position = start(after, end);
        for (int windows = 0; windows < MOST_WINDOWS && position < end && found.size() < limit; windows++) {
            long to = Math.min(end, position + WINDOW);
            int wanted = limit - found.size();
            List<FeedEvent> some =
                    FeedQuery.between(position, to, filter, wanted).run(database);
            found.addAll(some);
            position = some.size() == wanted ? some.get(wanted - 1).position() : to;
        }
        return new FeedPage(found, position, position < end);
    }

    /** Past what retention has taken away, in one step. */
    private long start(long after, long end) {
        if (after >= end) {
            return end;
        }
        return database.sql("select min(feed_position) from job_event where feed_position > ?")
                .param(after)
                .query((row, number) -> row.getObject(1) == null ? end : row.getLong(1) - 1)
                .single();
    }

    /** A job has few events, found by its id alone. */
    private FeedPage ofJob(long after, long end, FeedFilter filter, int limit) {
        List<FeedEvent> some =
                FeedQuery.between(Math.min(after, end), end, filter, limit + 1).run(database);
        boolean more = some.size() > limit;
        List<FeedEvent> found = more ? some.subList(0, limit) : some;
        return new FeedPage(found, more ? found.get(limit - 1).position() : end, more);
    }

    /** Whether the feed will have something of the job behind the position as things stand, numbered or not. */
    public boolean hasMoreOf(JobId jobId, long after) {
        return database.sql("select count(*) from job_event where job_id = ? and coalesce(feed_position, ?) > ?")
                        .params(jobId.value(), Long.MAX_VALUE, after)
                        .query(Long.class)
                        .single()
                > 0;
    }
}
