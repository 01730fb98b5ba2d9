package io.slipway.jobs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Notes that somebody waits for what needs the YARN application of a run, so that the leader looks for it often, whichever replica was
 * asked. It stands in the run's row: nothing else reaches the leader for certain.
 */
@Component
public class ApplicationWishes {

    private static final Logger log = LoggerFactory.getLogger(ApplicationWishes.class);

    /** How long one holds: a request may wait for a minute before the next one comes. */
    public static final Duration HOLDS = Duration.ofSeconds(75);

    /** Nobody's page writes more often than this. */
    private static final Duration ONCE_IN = Duration.ofSeconds(10);

    private final Jobs jobs;
    private final Clock clock;

    public ApplicationWishes(Jobs jobs, Clock clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Of who asks for the job now. Costs nothing where no application is looked for, or that was noted not long ago. */
    public void of(Job job) {
        Instant recent = clock.instant().minus(ONCE_IN);
        boolean isWish = job.runs().stream()
                .filter(Run::isApplicationExpected)
                .anyMatch(run -> run.applicationWantedAt() == null
                        || run.applicationWantedAt().isBefore(recent));
        if (isWish) {
            of(List.of(job.id()));
        }
    }

    /** Of who follows the jobs. Never fails: the application is found later without it. */
    public void of(Collection<JobId> jobIds) {
        Instant now = clock.instant();
        try {
            jobs.wantApplications(
                    jobIds.stream().map(JobId::value).toList(), now, now.minus(ONCE_IN), now.minus(HOLDS));
        } catch (DataAccessException failure) {
            log.debug("A wish for applications was not noted: {}", failure.toString());
        }
    }
}
