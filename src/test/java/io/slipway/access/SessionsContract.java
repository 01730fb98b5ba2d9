package io.slipway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.PersistenceTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Logins, on both kinds of database. Two objects on one database are two replicas. */
@PersistenceTest
abstract class SessionsContract {

    private static final SessionSettings SETTINGS = new SessionSettings(Duration.ofHours(12), Duration.ofDays(7), 3, 5);

    private final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));

    @Autowired
    JdbcClient database;

    @BeforeEach
    void none() {
        database.sql("delete from web_session").update();
    }

    @Test
    void everyReplicaKnowsThemAndTheirEnd() {
        String id = replica("ann", "bob").begin("ann");
        assertThat(replica("ann", "bob").ownerOf(id)).hasValue("ann");
        replica("ann", "bob").end(id);
        assertThat(replica("ann", "bob").ownerOf(id)).isEmpty();
    }

    @Test
    void theDatabaseHoldsNeitherTheIdNorTheHashOfTheToken() {
        String id = replica("ann").begin("ann");
        String row =
                database.sql("select * from web_session").query().singleRow().toString();
        assertThat(row).contains("ann").doesNotContain(id).doesNotContain(Tokens.hash("ann"));
    }

    @Test
    void endWithTheirTokenWhetherItIsTakenAwayOrReplaced() {
        String id = replica("ann", "bob").begin("ann");
        assertThat(replica("bob").ownerOf(id)).isEmpty();
        Sessions replaced = sessions(Map.of("ann", Tokens.hash("another")));
        assertThat(replaced.ownerOf(id)).isEmpty();
    }

    @Test
    void endWhenTheyAreNotUsedAndAreRemoved() {
        Sessions sessions = replica("ann");
        String id = sessions.begin("ann");
        for (int uses = 0; uses < 4; uses++) {
            clock.advance(Duration.ofHours(11));
            assertThat(sessions.ownerOf(id)).hasValue("ann");
        }
        clock.advance(Duration.ofHours(12));
        assertThat(sessions.ownerOf(id)).isEmpty();
        sessions.sweep();
        assertThat(rows()).isZero();
    }

    @Test
    void endAfterTheirLongestTimeHoweverOftenTheyAreUsed() {
        Sessions sessions = replica("ann");
        String id = sessions.begin("ann");
        for (int hours = 0; hours < 7 * 24 - 1; hours++) {
            clock.advance(Duration.ofHours(1));
            assertThat(sessions.ownerOf(id)).hasValue("ann");
        }
        clock.advance(Duration.ofHours(1));
        assertThat(sessions.ownerOf(id)).isEmpty();
    }

    @Test
    void areBoundedForEachOwnerAndTogetherAndTheLeastUsedGo() {
        Sessions sessions = replica("ann", "bob", "eve");
        List<String> anns = begin(sessions, "ann", 4);
        assertThat(sessions.ownerOf(anns.get(0))).isEmpty();
        assertThat(sessions.ownerOf(anns.get(1))).hasValue("ann");
        List<String> bobs = begin(sessions, "bob", 3);
        assertThat(rows()).isEqualTo(5);
        assertThat(sessions.ownerOf(anns.get(1))).isEmpty();
        assertThat(bobs).allMatch(id -> sessions.ownerOf(id).isPresent());
    }

    @Test
    void areNotWhateverACookieMayHold() {
        Sessions sessions = replica("ann");
        sessions.begin("ann");
        for (String id : new String[] {"", "a".repeat(43), "a".repeat(100_000), "' or 1=1 --"}) {
            assertThat(sessions.ownerOf(id)).isEmpty();
        }
    }

    private List<String> begin(Sessions sessions, String owner, int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(number -> {
                    clock.advance(Duration.ofMinutes(1));
                    return sessions.begin(owner);
                })
                .toList();
    }

    private long rows() {
        return database.sql("select count(*) from web_session")
                .query(Long.class)
                .single();
    }

    private Sessions replica(String... owners) {
        return sessions(java.util.Arrays.stream(owners)
                .collect(java.util.stream.Collectors.toMap(owner -> owner, Tokens::hash)));
    }

    private Sessions sessions(Map<String, String> tokens) {
        return new Sessions(database, new SecuritySettings(tokens, Set.of(), false, false, List.of()), SETTINGS, clock);
    }
}
