package io.slipway.compute.emr.client;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.slipway.compute.CallsLeft;
import io.slipway.compute.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The tokens for calls to EMR, which has its quota for each account: a bucket for each API and one for all, shared by all clusters. Nobody
 * waits here for a token. Who gets none is told so and asks again with his next turn; until then a token that comes is kept for him, the
 * more urgent work first, then whoever has waited longest.
 */
public final class CallBudget {

    /** The order in which users wait for things. */
    public enum Work {
        SUBMIT,
        CANCEL,
        FINISHED,
        /** What an event said that something happened to. */
        TOLD,
        LIVE,
        /** A person who clicked can wait. */
        LINK
    }

    /** After this long without another try nobody waits any more. */
    private static final Duration GIVEN_UP = Duration.ofSeconds(15);

    /** After so many calls about what events tell of it is the turn of one about what is live: events may be lost. */
    private static final int TOLD_IN_A_ROW = 3;

    private static final long RATE_SCALE = 1_000;

    private final Map<EmrApi, Bucket> buckets = new EnumMap<>(EmrApi.class);
    private final Bucket all;
    private final EmrSettings.Budget settings;
    private final int mostOfAll;
    private final Lease lease;
    private final Clock clock;
    private final Map<EmrApi, Map<Waiter, Times>> waiting = new EnumMap<>(EmrApi.class);
    private long term;
    private final Map<EmrApi, Integer> toldInARow = new EnumMap<>(EmrApi.class);

    public CallBudget(EmrSettings.Budget settings, Lease lease, Clock clock, MeterRegistry meters) {
        this.lease = lease;
        this.clock = clock;
        this.settings = settings;
        this.mostOfAll = settings.total().burst();
        this.all = bucket(settings.total().burst(), settings.total().perSecond());
        meters.gauge("slipway.emr.tokens", Tags.of("api", "all"), all, Bucket::getAvailableTokens);
        for (EmrApi api : EmrApi.values()) {
            EmrSettings.Limit limit = api.limit(settings);
            Bucket bucket = bucket(limit.burst(), limit.perSecond());
            buckets.put(api, bucket);
            waiting.put(api, new HashMap<>());
            meters.gauge("slipway.emr.tokens", Tags.of("api", api.operation()), bucket, Bucket::getAvailableTokens);
        }
    }

    private record Waiter(Work work, String cluster) {}

    private record Times(Instant since, Instant asked) {}

    private Bucket bucket(int burst, double perSecond) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(burst)
                        .refillGreedy(Math.max(1, Math.round(perSecond * RATE_SCALE)), Duration.ofSeconds(RATE_SCALE)))
                .withCustomTimePrecision(new Ticks(clock))
                .build();
    }

    /** Whether the call may be made now. */
    public synchronized boolean tryTake(EmrApi api, Work work, String cluster) {
        if (!lease.isHeld()) {
            // Another calls now, and the account's quota is theirs.
            return false;
        }
        emptyForANewTerm();
        Instant now = clock.instant();
        Instant givenUp = now.minus(GIVEN_UP);
        waiting.values()
                .forEach(each -> each.values().removeIf(times -> times.asked().isBefore(givenUp)));
        Waiter me = new Waiter(work, cluster);
        // Nobody waits for himself: he is there again when he gets none.
        Times mine = waitingFor(api).remove(me);
        Instant since = mine == null ? now : mine.since();
        Bucket own = bucketOf(api);
        if (own.getAvailableTokens() > before(work, since, api) && all.getAvailableTokens() > before(work, since)) {
            count(api, work);
            return own.tryConsume(1) && all.tryConsume(1);
        }
        waitingFor(api).put(me, new Times(since, now));
        return false;
    }

    /** More urgent calls that wait for nothing but the tokens of all APIs: those whose own have run out keep nobody. */
    private long before(Work mine, Instant since) {
        return buckets.entrySet().stream()
                .mapToLong(api -> Math.min(
                        before(mine, since, api.getKey()), api.getValue().getAvailableTokens()))
                .sum();
    }

    private long before(Work mine, Instant since, EmrApi api) {
        return waitingFor(api).entrySet().stream()
                .filter(other ->
                        comesBefore(api, other.getKey().work(), other.getValue().since(), mine, since))
                .count();
    }

    private boolean comesBefore(EmrApi api, Work theirs, Instant theirsSince, Work mine, Instant mineSince) {
        Work theirRank = rank(api, theirs);
        Work myRank = rank(api, mine);
        return theirRank == myRank ? theirsSince.isBefore(mineSince) : theirRank.compareTo(myRank) < 0;
    }

    private Work rank(EmrApi api, Work work) {
        return work == Work.LIVE && toldInARow.getOrDefault(api, 0) >= TOLD_IN_A_ROW ? Work.FINISHED : work;
    }

    /** For each API: that clusters were asked for tells nothing of their runs. */
    private void count(EmrApi api, Work work) {
        if (work == Work.TOLD) {
            toldInARow.merge(api, 1, Integer::sum);
        } else if (work == Work.LIVE) {
            toldInARow.put(api, 0);
        }
    }

    /** What the leader before us has spent is not known. */
    private void emptyForANewTerm() {
        long current = lease.term();
        if (current != term) {
            term = current;
            buckets.values().forEach(Bucket::tryConsumeAsMuchAsPossible);
            all.tryConsumeAsMuchAsPossible();
        }
    }

    /** Tokens that were taken in another term are gone. */
    long term() {
        return lease.term();
    }

    /** What may be called at this moment, all together first. */
    public List<CallsLeft> left() {
        List<CallsLeft> left = new ArrayList<>();
        left.add(new CallsLeft("all", all.getAvailableTokens(), mostOfAll));
        buckets.forEach((api, bucket) -> left.add(new CallsLeft(
                api.operation(),
                bucket.getAvailableTokens(),
                api.limit(settings).burst())));
        return left;
    }

    private Map<Waiter, Times> waitingFor(EmrApi api) {
        return Objects.requireNonNull(waiting.get(api));
    }

    private Bucket bucketOf(EmrApi api) {
        return Objects.requireNonNull(buckets.get(api));
    }

    /** The house's clock in Bucket4j's terms. */
    private record Ticks(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            Instant now = clock.instant();
            return Duration.ofSeconds(now.getEpochSecond(), now.getNano()).toNanos();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
