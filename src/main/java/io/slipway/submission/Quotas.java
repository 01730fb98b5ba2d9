package io.slipway.submission;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.Owner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps one owner from taking everything. Jobs are counted, not reserved: uploads that are under way together can pass a bound by
 * their number. A repeated request for a job that is there is never refused.
 */
@Component
public class Quotas {

    /** Some job has to end first; nobody knows when. */
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    private static final Set<JobState> WAITING = EnumSet.of(JobState.RECEIVING, JobState.QUEUED);

    private final QuotaSettings settings;
    private final Jobs jobs;
    private final Map<Owner, Bucket> buckets = new ConcurrentHashMap<>();
    private final TimeMeter meter;

    Quotas(QuotaSettings settings, Jobs jobs, Clock clock) {
        this.settings = settings;
        this.jobs = jobs;
        this.meter = new ClockMeter(clock);
    }

    /**
     * Tells early, before an upload is read, that {@link #take} would refuse. Nothing is counted.
     *
     * @throws QuotaExceeded when the owner has, or sends, too much
     */
    public void check(Owner owner, @Nullable String idempotencyKey) {
        QuotaSettings.Quota quota = settings.of(owner);
        Integer perMinute = quota.submissionsPerMinute();
        if (isRepeated(owner, idempotencyKey)) {
            return;
        }
        if (perMinute != null) {
            EstimationProbe probe = bucket(owner, perMinute).estimateAbilityToConsume(1);
            refuseWhenFast(perMinute, probe.canBeConsumed(), probe.getNanosToWaitForRefill());
        }
        checkJobs(owner, quota);
    }

    /** As {@link #check}, and counts the submission. */
    void take(Owner owner, @Nullable String idempotencyKey) {
        check(owner, idempotencyKey);
        Integer perMinute = settings.of(owner).submissionsPerMinute();
        if (perMinute != null && !isRepeated(owner, idempotencyKey)) {
            var probe = bucket(owner, perMinute).tryConsumeAndReturnRemaining(1);
            refuseWhenFast(perMinute, probe.isConsumed(), probe.getNanosToWaitForRefill());
        }
    }

    private boolean isRepeated(Owner owner, @Nullable String key) {
        return key != null && jobs.repeated(owner, key).isPresent();
    }

    private void checkJobs(Owner owner, QuotaSettings.Quota quota) {
        Integer live = quota.liveJobs();
        if (live != null && jobs.countOf(owner, JobState.notEnded()) >= live) {
            throw tooManyJobs("You have " + live + " jobs that have not ended, which is all that one owner may have"
                    + " (slipway.quotas.live-jobs). Wait for some to end, or cancel some.");
        }
        Integer waiting = quota.queuedJobs();
        if (waiting != null && jobs.countOf(owner, WAITING) >= waiting) {
            throw tooManyJobs("You have " + waiting + " jobs in the queue, which is all that one owner may have there"
                    + " (slipway.quotas.queued-jobs). Wait for some to start, or cancel some.");
        }
    }

    private static QuotaExceeded tooManyJobs(String message) {
        return new QuotaExceeded(QuotaExceeded.Kind.JOBS, A_WHILE, message);
    }

    private static void refuseWhenFast(int perMinute, boolean allowed, long nanosToWait) {
        if (!allowed) {
            throw new QuotaExceeded(
                    QuotaExceeded.Kind.SUBMISSIONS,
                    Duration.ofNanos(nanosToWait),
                    "You may send " + perMinute + " jobs a minute (slipway.quotas.submissions-per-minute).");
        }
    }

    private Bucket bucket(Owner owner, int perMinute) {
        return buckets.computeIfAbsent(
                owner,
                name -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                        .withCustomTimePrecision(meter)
                        .build());
    }

    private record ClockMeter(Clock clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            Instant now = clock.instant();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
