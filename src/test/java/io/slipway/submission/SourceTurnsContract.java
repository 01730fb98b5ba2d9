package io.slipway.submission;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.PersistenceTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who fetches a version of a source, among two replicas, on both kinds of database. */
@PersistenceTest
@Timeout(60)
abstract class SourceTurnsContract {

    private static final Duration HOLD = Duration.ofSeconds(30);

    private final MutableClock clock = new MutableClock(Instant.parse("2026-01-05T12:00:00Z"));
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final String version = UUID.randomUUID().toString();
    private final AtomicReference<String> stored = new AtomicReference<>();

    @Autowired
    private JdbcClient database;

    private SourceTurns one;
    private SourceTurns two;

    @BeforeEach
    void arrange() {
        one = new SourceTurns(database, clock, HOLD);
        two = new SourceTurns(database, clock, HOLD);
    }

    @AfterEach
    void stop() {
        others.shutdownNow();
    }

    @Test
    void whoComesWhileAnotherFetchesGetsWhatThatOneBrought() throws Exception {
        SourceTurns.Outcome<String> first = one.await(version, stored::get);
        assertThat(first.found()).isNull();
        CompletableFuture<SourceTurns.Outcome<String>> second = waiting(two);

        stored.set("the project");
        first.turn().close();

        assertThat(second.get(20, TimeUnit.SECONDS).found()).isEqualTo("the project");
        assertThat(rows()).isZero();
    }

    @Test
    void whenItFailedTheNextOneHasTheTurn() throws Exception {
        SourceTurns.Outcome<String> first = one.await(version, stored::get);
        CompletableFuture<SourceTurns.Outcome<String>> second = waiting(two);

        first.turn().close();

        assertThat(second.get(20, TimeUnit.SECONDS).found()).isNull();
        assertThat(rows()).as("its own").isEqualTo(1);
        first.turn().close();
        assertThat(rows()).as("nobody ends another's turn").isEqualTo(1);
        second.get().turn().close();
        assertThat(rows()).isZero();
    }

    @Test
    void theTurnOfADeadReplicaLapsesAndThatOfALivingOneDoesNot() throws Exception {
        one.await(version, stored::get);
        CompletableFuture<SourceTurns.Outcome<String>> second = waiting(two);
        clock.advance(HOLD.minusSeconds(1));
        one.renew();
        clock.advance(HOLD.minusSeconds(1));
        Thread.sleep(500);
        assertThat(second).as("it was renewed").isNotDone();

        clock.advance(Duration.ofSeconds(2));

        assertThat(second.get(20, TimeUnit.SECONDS).found()).isNull();
    }

    @Test
    void ofManyAtOnceOneFetches() throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        ConcurrentLinkedQueue<SourceTurns.Turn> fetches = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SourceTurns replica = i % 2 == 0 ? one : two;
            all.add(CompletableFuture.supplyAsync(
                    () -> {
                        awaitQuietly(begin);
                        SourceTurns.Outcome<String> outcome = replica.await(version, stored::get);
                        if (outcome.found() != null) {
                            return outcome.found();
                        }
                        fetches.add(outcome.turn());
                        stored.set("the project");
                        outcome.turn().close();
                        return "the project";
                    },
                    others));
        }
        begin.countDown();
        for (CompletableFuture<String> each : all) {
            assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo("the project");
        }
        assertThat(fetches).hasSize(1);
        assertThat(rows()).isZero();
    }

    private CompletableFuture<SourceTurns.Outcome<String>> waiting(SourceTurns replica) throws InterruptedException {
        CountDownLatch looked = new CountDownLatch(1);
        CompletableFuture<SourceTurns.Outcome<String>> outcome = CompletableFuture.supplyAsync(
                () -> replica.await(version, () -> {
                    looked.countDown();
                    return stored.get();
                }),
                others);
        assertThat(looked.await(20, TimeUnit.SECONDS)).isTrue();
        return outcome;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private int rows() {
        return database.sql("select count(*) from source_turn where id = ?")
                .param(version)
                .query(Integer.class)
                .single();
    }
}
