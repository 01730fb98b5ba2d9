package io.slipway.aws;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** EMR's default quota of one account: a bucket for each API and one for all of them (emr-facts, section 3). */
final class TokenBuckets {

    private static final String ALL = "*";
    private static final Limit DEFAULT = new Limit(10, 0.5);
    private static final Map<String, Limit> LIMITS =
            Map.of(ALL, new Limit(25, 5), "DescribeCluster", new Limit(10, 1.0), "ListClusters", new Limit(20, 0.5));

    private final Map<String, Bucket> buckets = new HashMap<>();
    private final Clock clock;
    private final double faster;

    TokenBuckets(Clock clock, double faster) {
        this.clock = clock;
        this.faster = faster;
    }

    boolean take(String operation) {
        Bucket own = bucket(operation);
        Bucket all = bucket(ALL);
        if (own.tokens < 1 || all.tokens < 1) {
            return false;
        }
        own.tokens--;
        all.tokens--;
        return true;
    }

    private Bucket bucket(String operation) {
        Instant now = clock.instant();
        Limit limit = LIMITS.getOrDefault(operation, DEFAULT);
        Bucket bucket = buckets.computeIfAbsent(operation, name -> new Bucket(limit.burst, now));
        double seconds = Duration.between(bucket.filledAt, now).toMillis() / 1000.0;
        bucket.tokens = Math.min(limit.burst, bucket.tokens + seconds * limit.perSecond * faster);
        bucket.filledAt = now;
        return bucket;
    }

    private record Limit(double burst, double perSecond) {}

    private static final class Bucket {
        private double tokens;
        private Instant filledAt;

        Bucket(double tokens, Instant filledAt) {
            this.tokens = tokens;
            this.filledAt = filledAt;
        }
    }
}
