package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
        await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() > 3);
        assertThat(meters.get("slipway.faults").tag("part", "loop").counter().count())
                .isEqualTo(1);
    }

    @Test
    void goOnAndBeatWhenEveryTurnFails() {
        spin(() -> {
            turns.incrementAndGet();
            throw new IllegalStateException("the database is away, as a test has it");
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() > 3 && beats.get() > 3);
    }

    @Test
    void beatOnAFollowerThatTakesNoTurn() {
        leads.set(false);
        spin(turns::incrementAndGet);
        await().atMost(Duration.ofSeconds(20)).until(() -> beats.get() > 5);
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
        await().atMost(Duration.ofSeconds(20)).until(() -> turns.get() > 6);
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
        await().atMost(Duration.ofSeconds(20))
                .until(() -> thread.get() != null && !thread.get().isAlive());
    }

    private void spin(Runnable turn) {
        wheels.start();
        wheels.spin("a", turn, () -> true);
    }
}
