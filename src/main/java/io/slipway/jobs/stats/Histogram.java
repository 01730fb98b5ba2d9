package io.slipway.jobs.stats;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Durations in buckets whose bounds grow by a fifth: from 0.1 s to months in about a hundred, so that a percentile is never wrong by
 * more than a tenth or so. Those of several days are added bucket by bucket.
 */
final class Histogram {

    private static final double SHORTEST_MILLIS = 100;
    private static final double BUCKETS_A_DOUBLING = 4;

    private final TreeMap<Integer, Long> buckets = new TreeMap<>();
    private long total;

    static int bucket(Duration time) {
        double times = time.toMillis() / SHORTEST_MILLIS;
        return times < 1 ? 0 : 1 + (int) Math.floor(BUCKETS_A_DOUBLING * Math.log(times) / Math.log(2));
    }

    private static double lowerMillis(int bucket) {
        return bucket == 0 ? 0 : SHORTEST_MILLIS * Math.pow(2, (bucket - 1) / BUCKETS_A_DOUBLING);
    }

    void add(int bucket, long jobs) {
        buckets.merge(bucket, jobs, Long::sum);
        total += jobs;
    }

    void add(Histogram other) {
        other.buckets.forEach(this::add);
    }

    long total() {
        return total;
    }

    /** @param part of all that took no longer, 0 to 1; {@code null} when there are none */
    @Nullable
    Duration percentile(double part) {
        double wanted = part * total;
        double below = 0;
        for (Map.Entry<Integer, Long> bucket : buckets.entrySet()) {
            if (below + bucket.getValue() >= wanted) {
                double lower = lowerMillis(bucket.getKey());
                double upper = lowerMillis(bucket.getKey() + 1);
                double within = (wanted - below) / bucket.getValue();
                return Duration.ofMillis(Math.round(lower + within * (upper - lower)));
            }
            below += bucket.getValue();
        }
        return null;
    }
}
