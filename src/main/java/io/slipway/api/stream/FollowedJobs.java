package io.slipway.api.stream;

import io.slipway.jobs.ApplicationWishes;
import io.slipway.jobs.JobId;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Who follows one job, or one of its logs, waits for its application as long as the stream is open. */
@Component
class FollowedJobs {

    private static final int AT_ONCE = 500;

    private final EventStreams streams;
    private final LogStreams logs;
    private final ApplicationWishes wishes;

    FollowedJobs(EventStreams streams, LogStreams logs, ApplicationWishes wishes) {
        this.streams = streams;
        this.logs = logs;
        this.wishes = wishes;
    }

    @Scheduled(initialDelay = 5_000, fixedDelay = 30_000)
    void wish() {
        List<JobId> followed = Stream.concat(streams.followedJobs().stream(), logs.followedJobs().stream())
                .distinct()
                .toList();
        for (int from = 0; from < followed.size(); from += AT_ONCE) {
            wishes.of(followed.subList(from, Math.min(followed.size(), from + AT_ONCE)));
        }
    }
}
