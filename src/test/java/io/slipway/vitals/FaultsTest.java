package io.slipway.vitals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** What is thrown at the top of a thread. */
class FaultsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Faults faults = new Faults(meters);
    private final VitalsConfiguration configuration = new VitalsConfiguration();

    @Test
    void theWorkOfAThreadBeginsAnewAfterAnError() {
        AtomicInteger begun = new AtomicInteger();
        faults.restarting("loop", () -> {
                    if (begun.incrementAndGet() == 1) {
                        throw new StackOverflowError("as a test has it");
                    }
                })
                .run();
        assertThat(begun).hasValue(2);
        assertThat(counted("loop")).isEqualTo(1);
    }

    @Test
    void scheduledWorkIsDoneAgainAfterAnErrorWhichIsCounted() {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        configuration.scheduledWorkThatThrows(faults).customize(scheduler);
        scheduler.initialize();
        try {
            AtomicInteger begun = new AtomicInteger();
            scheduler.scheduleWithFixedDelay(
                    () -> {
                        if (begun.incrementAndGet() == 1) {
                            throw new AssertionError("as a test has it");
                        }
                    },
                    Duration.ofMillis(5));
            await().atMost(Duration.ofSeconds(20)).until(() -> begun.get() > 2);
            assertThat(counted("scheduler")).isEqualTo(1);
        } finally {
            scheduler.shutdown();
        }
    }

    @Test
    void theExecutorGoesOnAfterAnErrorWhichIsCounted() throws Exception {
        ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        executor.setCorePoolSize(1);
        configuration.executedWorkThatThrows(faults).customize(executor);
        executor.initialize();
        try {
            CountDownLatch next = new CountDownLatch(1);
            executor.execute(() -> {
                throw new NoClassDefFoundError("as a test has it");
            });
            executor.execute(next::countDown);
            assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(counted("executor")).isEqualTo(1);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void aPoolGoesOnAfterAnErrorWhichIsCountedEvenWhereNobodyAsksForTheResult() throws Exception {
        UnguardedThreads unguarded = new UnguardedThreads(faults);
        WorkerPool pool = new WorkerPool("test", 1);
        try {
            CountDownLatch next = new CountDownLatch(1);
            pool.submit(() -> {
                throw new NoClassDefFoundError("as a test has it");
            });
            pool.execute(() -> {
                throw new NoClassDefFoundError("as a test has it");
            });
            pool.execute(next::countDown);
            assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
            // Awaitility would take the handler's place, and what dies just now for a fault of this test.
            await().dontCatchUncaughtExceptions().atMost(Duration.ofSeconds(20)).until(() -> counted("thread") == 2);
        } finally {
            pool.shutdownNow();
            unguarded.destroy();
        }
    }

    @Test
    void anErrorOfAThreadThatNobodyGuardsIsCountedToo() throws Exception {
        UnguardedThreads unguarded = new UnguardedThreads(faults);
        try {
            Thread thread = new Thread(() -> {
                throw new AssertionError("as a test has it");
            });
            thread.start();
            thread.join(20_000);
            assertThat(counted("thread")).isEqualTo(1);
        } finally {
            unguarded.destroy();
        }
    }

    @Test
    void everyCounterIsThereBeforeTheFirstFault() {
        assertThat(counted("feed") + counted("executor") + counted("leadership"))
                .isZero();
    }

    private double counted(String part) {
        return meters.get("slipway.faults").tag("part", part).counter().count();
    }
}
