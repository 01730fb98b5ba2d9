package io.slipway.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedWorkTest {

    private final AtomicInteger begun = new AtomicInteger();
    private final Semaphore mayEnd = new Semaphore(0);

    @Test
    void isDoneOnceForAllThatWaitWhileItIsUnderWay() throws Exception {
        SharedWork work = new SharedWork(() -> {
            begun.incrementAndGet();
            mayEnd.acquireUninterruptibly();
        });
        Thread first = start(work, new CountDownLatch(1));
        await().until(() -> begun.get() == 1);
        CountDownLatch asking = new CountDownLatch(15);
        List<Thread> others = new ArrayList<>();
        for (int other = 0; other < 15; other++) {
            others.add(start(work, asking));
        }
        asking.await();
        await().until(() -> others.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        mayEnd.release(2);
        first.join(10_000);
        for (Thread other : others) {
            other.join(10_000);
        }
        assertThat(begun)
                .as("one that was under way does not count for who came later")
                .hasValue(2);
        assertThat(others).noneMatch(Thread::isAlive);
    }

    @Test
    void failsForWhoeverDidItAndIsDoneAgainForTheOthers() {
        SharedWork work = new SharedWork(() -> {
            if (begun.incrementAndGet() == 1) {
                throw new IllegalStateException("the disk is full");
            }
        });
        assertThatThrownBy(work::run).hasMessage("the disk is full");
        work.run();
        assertThat(begun).hasValue(2);
    }

    private static Thread start(SharedWork work, CountDownLatch asking) {
        Thread thread = new Thread(() -> {
            asking.countDown();
            work.run();
        });
        thread.start();
        return thread;
    }
}
