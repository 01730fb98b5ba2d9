package io.slipway.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Tells waiting readers that a job's story went on: at once when this replica changed it, within half a second when another did. One
 * query serves all who wait, and nobody holds a thread.
 */
@Component
public class JobWatch {

    /** Below what H2 and PostgreSQL both take as bind parameters of one statement, with room. */
    private static final int IDS_A_QUERY = 1000;

    private final Jobs jobs;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

    JobWatch(Jobs jobs) {
        this.jobs = jobs;
    }

    private record Waiting(String jobId, long version, CompletableFuture<Void> changed) {}

    /** Completes when the job is past the version; the caller cancels it when it waits no longer. */
    public CompletableFuture<Void> past(String jobId, long version) {
        Waiting one = new Waiting(jobId, version, new CompletableFuture<>());
        waiting.add(one);
        one.changed().whenComplete((done, failure) -> waiting.remove(one));
        // The job may have moved between the caller's look and this line.
        compare(List.of(one));
        return one.changed();
    }

    @EventListener
    void changedHere(JobChanged change) {
        compare(waiting.stream()
                .filter(one -> one.jobId().equals(change.jobId()))
                .toList());
    }

    @Scheduled(fixedDelay = 500)
    void look() {
        List<Waiting> all = new ArrayList<>(waiting);
        for (int from = 0; from < all.size(); from += IDS_A_QUERY) {
            compare(all.subList(from, Math.min(from + IDS_A_QUERY, all.size())));
        }
    }

    private void compare(List<Waiting> some) {
        if (some.isEmpty()) {
            return;
        }
        Map<String, Long> now = jobs
                .versionsOf(some.stream().map(Waiting::jobId).distinct().toList())
                .stream()
                .collect(Collectors.toMap(Jobs.Version::getId, Jobs.Version::getVersion));
        for (Waiting one : some) {
            Long version = now.get(one.jobId());
            if (version == null || version != one.version()) {
                one.changed().complete(null);
            }
        }
    }
}
