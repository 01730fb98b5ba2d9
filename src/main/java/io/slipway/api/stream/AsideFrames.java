package io.slipway.api.stream;

import io.slipway.control.Wait;
import io.slipway.control.Waits;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.Jobs;
import io.slipway.logs.JobProgress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells those who follow one job, between its events, what it waits for in the queue and how far it is. Neither is in the feed: who was
 * away needs the newest alone.
 */
@Component
class AsideFrames {

    private static final Logger log = LoggerFactory.getLogger(AsideFrames.class);

    private static final int MOST_JOBS = 500;

    private final EventStreams streams;
    private final Jobs jobs;
    private final JobProgress progress;
    private final Waits waits;
    private final JsonMapper json;
    /** Jobs whose readers got a line about what they wait for. */
    private final Set<JobId> waiting = ConcurrentHashMap.newKeySet();

    AsideFrames(EventStreams streams, Jobs jobs, JobProgress progress, Waits waits, JsonMapper json) {
        this.streams = streams;
        this.jobs = jobs;
        this.progress = progress;
        this.waits = waits;
        this.json = json;
    }

    @Scheduled(fixedDelay = 1_000)
    void send() {
        List<JobId> followed = streams.followedJobs().stream().limit(MOST_JOBS).toList();
        waiting.retainAll(followed);
        if (followed.isEmpty()) {
            return;
        }
        try {
            Waits.Look look = waits.look();
            for (Job job : jobs.findByIdIn(followed.stream().map(JobId::value).toList())) {
                wait(job, look.of(job));
                progress.watched(job)
                        .ifPresent(known -> streams.send(job.id(), frame("progress", ProgressView.of(known))));
            }
        } catch (DataAccessException away) {
            log.debug("How far jobs are cannot be read now: {}", away.toString());
        }
    }

    private void wait(Job job, Optional<Wait> wait) {
        boolean wasWaiting = wait.isPresent() ? !waiting.add(job.id()) : waiting.remove(job.id());
        if (wait.isPresent() || wasWaiting) {
            streams.send(job.id(), frame("waiting", QueueWaitView.of(wait.orElse(null))));
        }
    }

    private String frame(String event, Object data) {
        return "event: " + event + "\ndata: " + json.writeValueAsString(data) + "\n\n";
    }
}
