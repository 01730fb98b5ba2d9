package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads of the loop, whatever their turns do. */
class WheelsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicBoolean leads = new AtomicBoolean(true);
    private final AtomicInteger beats = new AtomicInteger();
    private final Heartbeat heartbeat = new Heartbeat(beats::incrementAndGet);
    private final Wheels wheels = new Wheels(Duration.ofMillis(5), leads::get, new Faults(meters), heartbeat);
    private final AtomicInteger turns = new AtomicInteger();

    @AfterEach
    void stop() {
        wheels.stop();
    }

    @Test
    void goOnAfterAnErrorWhichIsCounted() {
        spin(() -> {
            if (turns.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("as a test has it");
            }
        });
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() > 3);
        assertThat(meters.get("slipway.faults").tag("part", "loop").counter().count())
                .isEqualTo(1);
    }

    @Test
    void waitForTheirFirstTickWhereTheStartIsNotToBeHeldUp() {
        Wheels slow = new Wheels(Duration.ofSeconds(60), leads::get, new Faults(meters), heartbeat);
        slow.start();
        try {
            slow.spinSoon("soon", turns::incrementAndGet, () -> true);
            slow.spin("now", turns::incrementAndGet, () -> true);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() == 1);
            slow.wake("soon");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() == 2);
        } finally {
            slow.stop();
        }
    }

    @Test
    void goOnAndBeatWhenEveryTurnFails() {
        spin(() -> {
            turns.incrementAndGet();
            throw new IllegalStateException("the database is away, as a test has it");
        });
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() > 3 && beats.get() > 3);
    }

    @Test
    void beatOnAFollowerThatTakesNoTurn() {
        leads.set(false);
        spin(turns::incrementAndGet);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> beats.get() > 5);
        assertThat(turns).hasValue(0);
    }

    @Test
    void goOnWhenTheyAreInterruptedInTheirSleepOrInThePauseAfterAFailure() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        spin(() -> {
            thread.set(Thread.currentThread());
            Thread.currentThread().interrupt();
            if (turns.incrementAndGet() < 3) {
                throw new IllegalStateException("as a test has it");
            }
        });
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() > 6);
        assertThat(thread.get().isAlive()).isTrue();
    }

    @Test
    void endWhenTheirClusterIsGone() {
        AtomicBoolean there = new AtomicBoolean(true);
        AtomicReference<Thread> thread = new AtomicReference<>();
        wheels.start();
        wheels.spin(
                "a",
                () -> {
                    thread.set(Thread.currentThread());
                    there.set(false);
                },
                there::get);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> thread.get() != null && !thread.get().isAlive());
    }

    @Test
    void oneThatHangsKeepsNoOtherWaiting() {
        CountDownLatch over = new CountDownLatch(1);
        spin(() -> await(over));
        wheels.spin("b", turns::incrementAndGet, () -> true);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() > 3);
        over.countDown();
    }

    @Test
    void wakesOneThatRestsAndTurnsOneAgainThatWasWokenInItsTurn() throws Exception {
        Wheels slow = new Wheels(Duration.ofHours(1), leads::get, new Faults(meters), heartbeat);
        Semaphore begun = new Semaphore(0);
        Semaphore mayEnd = new Semaphore(0);
        slow.start();
        slow.spin(
                "a",
                () -> {
                    begun.release();
                    mayEnd.acquireUninterruptibly();
                },
                () -> true);
        assertThat(begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        slow.wake("a");
        mayEnd.release();
        assertThat(begun.tryAcquire(20, TimeUnit.SECONDS))
                .as("woken in its turn")
                .isTrue();
        mayEnd.release(2);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            slow.wake("a");
            return begun.tryAcquire();
        });
        mayEnd.release(100);
        slow.stop();
    }

    @Test
    void aThousandThatRestNeedFewThreads() {
        Wheels thousand = new Wheels(Duration.ofMillis(300), leads::get, new Faults(meters), heartbeat);
        thousand.start();
        Set<String> turned = ConcurrentHashMap.newKeySet();
        for (int wheel = 0; wheel < 1000; wheel++) {
            String name = "resting-" + wheel;
            thousand.spin(name, () -> turned.add(name), () -> true);
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> turned.size() == 1000);
        turned.clear();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> turned.size() == 1000);
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("loop-"))
                .count();
        thousand.stop();
        assertThat(threads).isLessThan(100);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    private void spin(Runnable turn) {
        wheels.start();
        wheels.spin("a", turn, () -> true);
    }
}
