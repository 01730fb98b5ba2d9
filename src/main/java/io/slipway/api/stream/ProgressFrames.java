package io.slipway.api.stream;

import io.slipway.compute.RunProgress;
import io.slipway.jobs.JobId;
import io.slipway.jobs.Jobs;
import io.slipway.logs.JobProgress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Tells those who follow one job how far it is, between its events. It is not in the feed: who was away needs the newest alone. */
@Component
class ProgressFrames {

    private static final Logger log = LoggerFactory.getLogger(ProgressFrames.class);

    private static final int MOST_JOBS = 500;

    private final EventStreams streams;
    private final Jobs jobs;
    private final JobProgress progress;
    private final JsonMapper json;

    ProgressFrames(EventStreams streams, Jobs jobs, JobProgress progress, JsonMapper json) {
        this.streams = streams;
        this.jobs = jobs;
        this.progress = progress;
        this.json = json;
    }

    @Scheduled(fixedDelay = 1_000)
    void send() {
        List<String> followed = streams.followedJobs().stream()
                .limit(MOST_JOBS)
                .map(JobId::value)
                .toList();
        if (followed.isEmpty()) {
            return;
        }
        try {
            jobs.findByIdIn(followed)
                    .forEach(job -> progress.watched(job).ifPresent(known -> streams.send(job.id(), frame(known))));
        } catch (DataAccessException away) {
            log.debug("How far jobs are cannot be read now: {}", away.toString());
        }
    }

    private String frame(RunProgress known) {
        return "event: progress\ndata: " + json.writeValueAsString(ProgressView.of(known)) + "\n\n";
    }
}
