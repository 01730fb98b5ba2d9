package io.slipway.reconcile;

import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunExecutor;
import io.slipway.jobs.RunReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * News on their way to the loop of their cluster. They are told of as done only when that loop has looked. As long as they tell of what
 * happens, full looks are rarer; an end that no event reported brings these back at once.
 */
@Component
class ClusterEvents {

    private static final Logger log = LoggerFactory.getLogger(ClusterEvents.class);

    /** Events are best effort; one that has not come, or was not handled, after this long does not come, or comes again. */
    private static final Duration LATEST = Duration.ofSeconds(30);

    private final Clock clock;
    private final Map<String, Queue<Waiting>> queues = new ConcurrentHashMap<>();
    private final Set<String> flowing = ConcurrentHashMap.newKeySet();
    private final Set<String> driversReportEnds = ConcurrentHashMap.newKeySet();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    ClusterEvents(Clock clock) {
        this.clock = clock;
    }

    private record Waiting(ClusterEvent event, Instant at, CompletableFuture<Void> done) {}

    /** The answer is complete when the event's cluster has looked and has written what it saw. */
    CompletableFuture<Void> add(ClusterEvent event) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        queue(event.cluster()).add(new Waiting(event, clock.instant(), done));
        return done;
    }

    /**
     * Passes what came for the cluster to its loop, about as many runs at once as one call tells of. What cannot be looked at now
     * waits here for a while, and goes together with what comes meanwhile.
     *
     * @param look fails when it has not seen, or not written, all of it
     */
    void take(String cluster, Consumer<List<ClusterEvent>> look) {
        Queue<Waiting> queue = queue(cluster);
        dropOld(queue);
        for (List<Waiting> together : together(queue)) {
            try {
                look.accept(together.stream().map(Waiting::event).distinct().toList());
                together.forEach(each -> each.done().complete(null));
            } catch (ComputeUnavailable later) {
                log.debug("News of {} wait: {}", cluster, later.getMessage());
                return;
            } catch (RuntimeException failure) {
                log.warn(
                        "News of {} were not brought into the table and are handled again: {}",
                        cluster,
                        failure.toString());
                together.forEach(each -> each.done().completeExceptionally(failure));
            }
            queue.removeAll(together);
        }
    }

    /** Nothing of ours is on the cluster any more. */
    void forget(String cluster) {
        Queue<Waiting> left = queues.remove(cluster);
        if (left != null) {
            left.forEach(each -> each.done().complete(null));
        }
        flowing.remove(cluster);
        driversReportEnds.remove(cluster);
    }

    private void dropOld(Queue<Waiting> queue) {
        Instant tooOld = clock.instant().minus(LATEST);
        queue.removeIf(each -> each.at().isBefore(tooOld)
                && each.done().completeExceptionally(new TimeoutException("nobody could look in time")));
    }

    private static List<List<Waiting>> together(Queue<Waiting> queue) {
        Map<String, List<Waiting>> byRun = new LinkedHashMap<>();
        queue.forEach(
                each -> byRun.computeIfAbsent(String.valueOf(each.event().submissionKey()), key -> new ArrayList<>())
                        .add(each));
        List<List<Waiting>> runs = List.copyOf(byRun.values());
        List<List<Waiting>> batches = new ArrayList<>();
        for (int from = 0; from < runs.size(); from += RunExecutor.LOOKED_AT_ONCE) {
            batches.add(runs.subList(from, Math.min(runs.size(), from + RunExecutor.LOOKED_AT_ONCE)).stream()
                    .flatMap(List::stream)
                    .toList());
        }
        return batches;
    }

    private Queue<Waiting> queue(String cluster) {
        return queues.computeIfAbsent(cluster, name -> new ConcurrentLinkedQueue<>());
    }

    /** Whether the cluster's news come by themselves. */
    boolean areFlowing(String cluster) {
        return flowing.contains(cluster);
    }

    /** Whether the cluster's drivers tell how their programs end; what begins there nobody tells. */
    boolean driversReportEnds(String cluster) {
        return driversReportEnds.contains(cluster);
    }

    void driverReported(String cluster) {
        driversReportEnds.add(cluster);
    }

    void eventReceived(String cluster) {
        flowing.add(cluster);
    }

    /** The cluster is not as it was: what that means for its runs is seen by a full look. */
    void clusterChanged(String cluster) {
        changed.add(cluster);
    }

    /** Takes the news that the cluster was changed, and returns whether there was any. */
    boolean takeClusterChange(String cluster) {
        return changed.remove(cluster);
    }

    /** A full look found an end; if that was long ago, and no news wait for their turn, nobody had told of it. */
    void foundByLooking(String cluster, RunReport report) {
        Instant at = report.endedAt();
        if (at != null
                && at.plus(LATEST).isBefore(clock.instant())
                && queue(cluster).isEmpty()) {
            flowing.remove(cluster);
            driversReportEnds.remove(cluster);
        }
    }
}
