package io.slipway.jobs.feed;

import io.slipway.jobs.JobChanged;
import io.slipway.vitals.Faults;
import io.slipway.vitals.Heartbeat;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The only one in this replica who asks the database for news: soon after this replica changed a job, and every {@value #PACE} ms for
 * what others did. Streams and waiting requests cost no query of their own.
 */
@Component
class FeedPoller implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(FeedPoller.class);

    private static final int PACE = 500;

    /** Changes that come faster than this are passed on together; on an H2 file each time is a write that waits for the disk. */
    private static final int GATHERING = 50;

    private static final int EVENTS_AT_ONCE = 1000;

    private final EventFeed feed;
    private final List<FeedListener> listeners;
    private final Faults faults;
    private final Heartbeat heartbeat;
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean running;
    private boolean begun;
    private long position;
    private Thread thread = new Thread();

    FeedPoller(
            EventFeed feed,
            List<FeedListener> listeners,
            Faults faults,
            @Qualifier("feedHeartbeat") Heartbeat heartbeat) {
        this.feed = feed;
        this.listeners = listeners;
        this.faults = faults;
        this.heartbeat = heartbeat;
    }

    @EventListener
    void changed(JobChanged change) {
        wake.release();
    }

    /** Everything that is new, told to all. */
    void pass() {
        if (!begun) {
            position = feed.end();
            publish(List.of());
            begun = true;
        }
        feed.number();
        FeedPage page;
        do {
            page = feed.after(position, FeedFilter.ALL, EVENTS_AT_ONCE);
            if (page.position() < position) {
                position = page.position();
                publish(List.of());
            }
            if (!page.events().isEmpty()) {
                publish(page.events());
            }
            position = page.position();
        } while (page.more());
    }

    private void publish(List<FeedEvent> events) {
        for (FeedListener listener : listeners) {
            try {
                listener.apply(position, events);
            } catch (RuntimeException | Error fault) {
                // Of one listener alone: told once more, the others would hear everything twice.
                log.error("{} events were lost on {}", events.size(), listener);
                faults.caught("feed", fault);
            }
        }
    }

    @Override
    public void start() {
        running = true;
        thread = new Thread(faults.restarting("feed", this::follow), "feed");
        thread.setDaemon(true);
        heartbeat.beat(thread.getName());
        thread.start();
    }

    private void follow() {
        boolean failed = false;
        while (running) {
            heartbeat.beat();
            try {
                pass();
                failed = false;
                // Not at once, if it was woken: what comes together is told together.
                TimeUnit.MILLISECONDS.sleep(GATHERING);
                if (wake.tryAcquire(PACE - GATHERING, TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException nudge) {
                log.warn("The feed of events was interrupted and goes on.");
            } catch (RuntimeException failure) {
                if (!failed) {
                    log.warn("The feed of events cannot be read; it goes on from where it was: {}", failure.toString());
                }
                failed = true;
                pause();
            }
        }
        heartbeat.ended(Thread.currentThread().getName());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PACE);
        } catch (InterruptedException nudge) {
            log.warn("The feed of events was interrupted and goes on.");
        }
    }

    @Override
    public void stop() {
        running = false;
        wake.release();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
