package io.slipway.submission;

import io.slipway.sources.SourceFailure;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Of all who want the same version of a source at once, in whatever replica, one fetches it; the others wait for what comes of that. */
@Component
class SourceTurns {

    private static final Logger log = LoggerFactory.getLogger(SourceTurns.class);

    private static final Duration LOOK = Duration.ofMillis(200);

    /** A fetch and the storing of what was fetched take less. Who has waited for longer fetches it once more. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(3);

    private final JdbcClient database;
    private final Clock clock;
    private final Duration hold;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Set<Turn> held = ConcurrentHashMap.newKeySet();

    @Autowired
    SourceTurns(JdbcClient database, Clock clock, SubmissionSettings settings) {
        // Longer than any pause of a living service.
        this(database, clock, settings.heartbeat().multipliedBy(6));
    }

    SourceTurns(JdbcClient database, Clock clock, Duration hold) {
        this.database = database;
        this.clock = clock;
        this.hold = hold;
    }

    /** Whoever has it fetches; to be closed when the project is stored, or will not be. */
    final class Turn implements AutoCloseable {

        private final String id;
        private final String holder = UUID.randomUUID().toString();

        private Turn(String id) {
            this.id = id;
        }

        @Override
        public void close() {
            if (held.remove(this)) {
                database.sql("delete from source_turn where id = ? and holder = ?")
                        .params(id, holder)
                        .update();
            }
        }
    }

    /** What somebody else's turn has brought, or a turn of one's own. */
    record Outcome<T>(@Nullable T found, Turn turn) {}

    /**
     * Waits while others have the turn.
     *
     * @param found what they wait for; {@code null} as long as it is not there
     * @return with {@code found} where it is there by now; then the turn has been ended
     */
    <T> Outcome<T> await(String id, Supplier<@Nullable T> found) {
        Turn turn = new Turn(id);
        Instant end = clock.instant().plus(LONGEST_WAIT);
        while (!take(turn)) {
            T there = found.get();
            if (there != null || clock.instant().isAfter(end)) {
                return new Outcome<>(there, turn);
            }
            pause();
        }
        // Between the last look and now it may have come.
        T there = found.get();
        if (there != null) {
            turn.close();
        }
        return new Outcome<>(there, turn);
    }

    private boolean take(Turn turn) {
        Instant now = clock.instant();
        Timestamp until = Timestamp.from(now.plus(hold));
        int lapsed = database.sql("update source_turn set holder = ?, held_until = ? where id = ? and held_until < ?")
                .params(turn.holder, until, turn.id, Timestamp.from(now))
                .update();
        if (lapsed == 0 && !insert(turn, until)) {
            return false;
        }
        held.add(turn);
        return true;
    }

    private boolean insert(Turn turn, Timestamp until) {
        boolean isTaken = database.sql("select count(*) from source_turn where id = ?")
                        .param(turn.id)
                        .query(Integer.class)
                        .single()
                > 0;
        if (isTaken) {
            return false;
        }
        try {
            database.sql("insert into source_turn (id, holder, held_until) values (?, ?, ?)")
                    .params(turn.id, turn.holder, until)
                    .update();
            return true;
        } catch (DataIntegrityViolationException faster) {
            return false;
        }
    }

    private void pause() {
        try {
            if (!stopping.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        throw new SourceFailure(SourceFailure.Kind.UNAVAILABLE, "The service is being stopped.");
    }

    /** Nobody waits any more. */
    void stop() {
        stopping.countDown();
    }

    @Scheduled(fixedDelayString = "${slipway.submission.heartbeat:5s}")
    void renew() {
        Timestamp until = Timestamp.from(clock.instant().plus(hold));
        for (Turn turn : held) {
            try {
                database.sql("update source_turn set held_until = ? where id = ? and holder = ?")
                        .params(until, turn.id, turn.holder)
                        .update();
            } catch (RuntimeException away) {
                log.warn("A fetch could not be kept; somebody may fetch the same: {}", away.toString());
            }
        }
    }
}
