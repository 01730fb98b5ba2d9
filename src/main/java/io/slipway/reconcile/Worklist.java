package io.slipway.reconcile;

import io.slipway.jobs.Cleanups;
import io.slipway.jobs.JobChanged;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.LiveJobs;
import io.slipway.jobs.feed.FeedEvent;
import io.slipway.jobs.feed.FeedListener;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.OrderBook;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * On which clusters something may have to be done. The housekeeping asks the database for all of them together, and what has changed
 * since is told of; so a turn with nothing to do asks for nothing, however many clusters there are. It errs on one side alone: with
 * nothing to be done where it says that there may be.
 */
@Component
class Worklist implements FeedListener {

    /** The housekeeping asks every tick. Where it did not, this replica did not lead, or the database is slow. */
    private static final Duration OLDEST = Duration.ofSeconds(5);

    private static final Set<JobState> BEFORE_A_CLUSTER = EnumSet.of(JobState.RECEIVING, JobState.QUEUED);

    private final Jobs jobs;
    private final LiveJobs live;
    private final Cleanups cleanups;
    private final ClusterProvider provider;
    private final OrderBook orders;
    private final Clock clock;

    private volatile Answer last = new Answer(Instant.MIN, Set.of(), Set.of(), Set.of(), Set.of());

    /** Clusters on which something has changed since the last question began. */
    private volatile Set<String> changed = ConcurrentHashMap.newKeySet();

    /** Those on which something had changed when it began, until there is its answer. */
    private volatile Set<String> changedBefore = Set.of();

    Worklist(Jobs jobs, LiveJobs live, Cleanups cleanups, ClusterProvider provider, OrderBook orders, Clock clock) {
        this.jobs = jobs;
        this.live = live;
        this.cleanups = cleanups;
        this.provider = provider;
        this.orders = orders;
        this.clock = clock;
    }

    /** Clusters, by what there is to be done on them. */
    private record Answer(Instant at, Set<String> live, Set<String> waiting, Set<String> left, Set<String> ordered) {

        Set<String> all() {
            Set<String> all = new HashSet<>(live);
            all.addAll(waiting);
            all.addAll(left);
            return all;
        }
    }

    /**
     * Asks for all clusters.
     *
     * @return on which there is something to do, and was not before
     */
    Set<String> renew() {
        Set<String> before = all();
        Instant now = clock.instant();
        // What changes while the database is asked may not be in its answer.
        changed.addAll(changedBefore);
        changedBefore = changed;
        changed = ConcurrentHashMap.newKeySet();
        live.check();
        last = new Answer(
                now,
                live.clusters(),
                Set.copyOf(jobs.clustersOf(BEFORE_A_CLUSTER)),
                Set.copyOf(cleanups.clusters()),
                provider.templates().isEmpty() ? Set.of() : Set.copyOf(orders.clustersWithOpen()));
        changedBefore = Set.of();
        Set<String> fresh = last.all();
        fresh.removeAll(before);
        return fresh;
    }

    /** With jobs that have not ended, or something that ended ones left. */
    Set<String> all() {
        Set<String> all = last.all();
        all.addAll(changed);
        all.addAll(changedBefore);
        return all;
    }

    private boolean hasChanged(String cluster) {
        return changed.contains(cluster) || changedBefore.contains(cluster);
    }

    /** Whether there may be jobs that have not ended, or something that ended ones left. */
    boolean hasWork(String cluster) {
        // First: the answer may come in between.
        boolean hasChanged = hasChanged(cluster);
        Answer answer = last;
        return hasChanged
                || answer.live().contains(cluster)
                || answer.waiting().contains(cluster)
                || answer.left().contains(cluster);
    }

    /** Whether there may be jobs in its queue. */
    boolean mayWait(String cluster) {
        return isIn(cluster, Answer::waiting);
    }

    /** Whether a cleanup may wait there, or be under way. */
    boolean mayBeLeft(String cluster) {
        return isIn(cluster, Answer::left);
    }

    /** Whether it may have orders that are not over. */
    boolean mayBeOrdered(String cluster) {
        return isIn(cluster, Answer::ordered);
    }

    private boolean isIn(String cluster, Function<Answer, Set<String>> kind) {
        boolean hasChanged = hasChanged(cluster);
        Answer answer = last;
        return hasChanged
                || kind.apply(answer).contains(cluster)
                || answer.at().isBefore(clock.instant().minus(OLDEST));
    }

    /** Before the cluster's turn is woken by it. */
    @EventListener
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void changed(JobChanged change) {
        changed.add(change.cluster());
    }

    /** What other replicas wrote. */
    @Override
    public void apply(long after, List<FeedEvent> events) {
        for (FeedEvent event : events) {
            FeedEvent.Subject job = event.job();
            if (live.written(
                    job.id(), job.cluster(), job.version(), event.change().to())) {
                changed.add(job.cluster());
            }
        }
    }
}
