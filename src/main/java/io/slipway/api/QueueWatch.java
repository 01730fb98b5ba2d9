package io.slipway.api;

import io.slipway.control.Wait;
import io.slipway.control.Waits;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Wakes those who wait for a job in the queue when what it waits for is another: orders of clusters and environments have no events in
 * the feed of jobs. Each is asked for once a second, however many wait.
 */
@Component
class QueueWatch {

    private static final Logger log = LoggerFactory.getLogger(QueueWatch.class);

    private final Waits waits;
    private final Set<Waiting> all = ConcurrentHashMap.newKeySet();

    QueueWatch(Waits waits) {
        this.waits = waits;
    }

    private record Waiting(Job seen, Optional<Wait> known, CompletableFuture<Void> changed) {}

    /**
     * @param known what the job waited for when its reader last saw it
     * @param changed to be completed; it is forgotten when it is, by whomever
     */
    void wake(Job seen, Optional<Wait> known, CompletableFuture<Void> changed) {
        if (seen.state() == JobState.QUEUED) {
            Waiting one = new Waiting(seen, known, changed);
            all.add(one);
            changed.whenComplete((done, failure) -> all.remove(one));
        }
    }

    @Scheduled(fixedDelay = 1_000)
    void look() {
        List<Waiting> now = new ArrayList<>(all);
        if (now.isEmpty()) {
            return;
        }
        try {
            Waits.Look look = waits.look();
            now.stream()
                    .filter(one -> !look.of(one.seen()).equals(one.known()))
                    .forEach(one -> one.changed().complete(null));
        } catch (DataAccessException away) {
            log.debug("What jobs wait for cannot be read now: {}", away.toString());
        }
    }
}
