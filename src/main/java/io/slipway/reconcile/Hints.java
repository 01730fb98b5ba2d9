package io.slipway.reconcile;

import io.slipway.compute.HintSource;
import io.slipway.compute.HintSource.Hint;
import io.slipway.jobs.RunReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * News on their way to the loop of their cluster. They are told of as done only when that loop has looked. As long as they tell of what
 * happens, full looks are rarer; an end that nobody told of brings these back at once.
 */
@Component
class Hints {

    /** Events are best effort; one that has not come after this long does not come. */
    private static final Duration LATEST = Duration.ofSeconds(30);

    private final Map<String, Queue<Told>> queues = new ConcurrentHashMap<>();
    private final Set<String> flowing = ConcurrentHashMap.newKeySet();

    private record Told(Hint hint, CompletableFuture<Void> done) {}

    /** Gives the hints to their clusters and waits until these have looked. */
    void deliver(List<Hint> hints, Consumer<String> wake) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Hint hint : hints) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            all.add(done);
            queues.computeIfAbsent(hint.cluster(), name -> new ConcurrentLinkedQueue<>())
                    .add(new Told(hint, done));
        }
        hints.stream().map(Hint::cluster).distinct().forEach(wake);
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .orTimeout(LATEST.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Passes what came for the cluster to its loop; a failure leaves it to be told again by its source. */
    void take(String cluster, Consumer<List<Hint>> look) {
        Queue<Told> queue = queues.computeIfAbsent(cluster, name -> new ConcurrentLinkedQueue<>());
        List<Told> taken = new ArrayList<>();
        for (Told told = queue.poll(); told != null; told = queue.poll()) {
            taken.add(told);
        }
        if (taken.isEmpty()) {
            return;
        }
        try {
            look.accept(taken.stream().map(Told::hint).toList());
            taken.forEach(told -> told.done().complete(null));
        } catch (RuntimeException failure) {
            taken.forEach(told -> told.done().completeExceptionally(failure));
            throw failure;
        }
    }

    /** Whether the cluster's news come by themselves. */
    boolean areFlowing(String cluster) {
        return flowing.contains(cluster);
    }

    void toldNews(String cluster) {
        flowing.add(cluster);
    }

    /** A full look found an end; if that was long ago, nobody had told of it. */
    void foundByLooking(String cluster, RunReport report, Instant now) {
        Instant at = report.endedAt();
        if (at != null && at.plus(LATEST).isBefore(now)) {
            flowing.remove(cluster);
        }
    }

    /** A source that waits on, for as long as its hints cannot be handled. */
    static void poll(HintSource source, Consumer<List<Hint>> handler) throws InterruptedException {
        try {
            source.poll(handler);
        } catch (CompletionException notHandled) {
            // It tells them again.
            TimeUnit.SECONDS.sleep(1);
        }
    }
}
