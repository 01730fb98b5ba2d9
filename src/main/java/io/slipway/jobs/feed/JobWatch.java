package io.slipway.jobs.feed;

import io.slipway.jobs.JobId;
import io.slipway.jobs.Jobs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Wakes readers who wait for the next event of a job, when the feed has one. Nobody holds a thread. */
@Component
public class JobWatch implements FeedListener, SmartLifecycle {

    private final Jobs jobs;
    private final Map<JobId, Set<Waiting>> waiting = new ConcurrentHashMap<>();
    private volatile boolean running;

    JobWatch(Jobs jobs) {
        this.jobs = jobs;
    }

    private record Waiting(JobId jobId, long version, CompletableFuture<Void> changed) {}

    /** Completes when the job is past the version, or when the service stops; the caller cancels it when it waits no longer. */
    public CompletableFuture<Void> past(JobId jobId, long version) {
        Waiting one = new Waiting(jobId, version, new CompletableFuture<>());
        waiting.compute(jobId, (id, known) -> {
            Set<Waiting> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(one);
            return all;
        });
        one.changed().whenComplete((done, failure) -> forget(one));
        // The job may have moved between the caller's look and this line.
        List<Jobs.Version> now = jobs.versionsOf(List.of(jobId.value()));
        if (now.isEmpty() || now.get(0).getVersion() > version) {
            one.changed().complete(null);
        }
        return one.changed();
    }

    private void forget(Waiting one) {
        waiting.computeIfPresent(one.jobId(), (id, all) -> {
            all.remove(one);
            return all.isEmpty() ? null : all;
        });
    }

    @Override
    public void apply(long after, List<FeedEvent> events) {
        for (FeedEvent event : events) {
            // A line that its reader knew already comes, too: numbered after the reader's look, or read before the
            // reader's version.
            waiting.getOrDefault(event.job().id(), Set.of()).stream()
                    .filter(one -> one.version() < event.job().version())
                    .toList()
                    .forEach(one -> one.changed().complete(null));
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Who waits is answered now: a stop is not held up for a minute by them. */
    @Override
    public void stop() {
        running = false;
        waiting.values().stream()
                .flatMap(Set::stream)
                .toList()
                .forEach(one -> one.changed().complete(null));
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
