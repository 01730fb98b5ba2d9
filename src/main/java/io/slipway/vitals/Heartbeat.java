package io.slipway.vitals;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The signs of life of one part of the service, thread by thread. A beat says that the thread goes round, not that its work succeeds: it
 * beats while the database or AWS is away, and on a replica that does not lead.
 */
public final class Heartbeat {

    private final LongSupplier nanos;
    private final Map<String, Long> last = new ConcurrentHashMap<>();

    /** @param nanos a clock that nobody sets, such as {@link System#nanoTime} */
    public Heartbeat(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** That of the thread which calls it. */
    public void beat() {
        beat(Thread.currentThread().getName());
    }

    /** That of a thread which is about to begin, or begins now. */
    public void beat(String thread) {
        last.put(thread, nanos.getAsLong());
    }

    /** The thread has done its work and is missed by nobody. */
    public void ended(String thread) {
        last.remove(thread);
    }

    /** The thread that gave no sign for the longest time, if that is longer than so long. */
    Optional<String> silent(Duration longest) {
        long now = nanos.getAsLong();
        return last.entrySet().stream()
                .filter(thread -> now - thread.getValue() > longest.toNanos())
                .min(Map.Entry.comparingByValue((one, other) -> Long.compare(one - now, other - now)))
                .map(thread -> thread.getKey() + " gave no sign of life for "
                        + Duration.ofNanos(now - thread.getValue()).toSeconds() + " s");
    }
}
