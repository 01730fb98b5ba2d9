package io.slipway.jobs;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Something of each of the jobs that were read last, no more than so many bytes of it. For many threads.
 *
 * @param <V> what is kept of a job
 */
public final class RecentJobs<V> {

    private final long mostBytes;
    private final ToLongFunction<V> size;

    /** From the one that was read longest ago. Guarded by itself, as is the sum of its bytes. */
    private final Map<JobId, Kept<V>> kept = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    private record Kept<V>(V value, long bytes) {}

    /** @param size of a value in bytes, about */
    public RecentJobs(long mostBytes, ToLongFunction<V> size) {
        this.mostBytes = mostBytes;
        this.size = size;
    }

    public @Nullable V get(JobId id) {
        synchronized (kept) {
            Kept<V> found = kept.get(id);
            return found == null ? null : found.value;
        }
    }

    /** In the place of what was kept of it before. */
    public void put(JobId id, V value) {
        Kept<V> fresh = new Kept<>(value, size.applyAsLong(value));
        synchronized (kept) {
            removed(kept.put(id, fresh));
            bytes += fresh.bytes;
            Iterator<Kept<V>> oldest = kept.values().iterator();
            while (bytes > mostBytes) {
                bytes -= oldest.next().bytes;
                oldest.remove();
            }
        }
    }

    public void remove(JobId id) {
        synchronized (kept) {
            removed(kept.remove(id));
        }
    }

    private void removed(@Nullable Kept<V> old) {
        bytes -= old == null ? 0 : old.bytes;
    }
}
