package io.slipway.reconcile;

import io.slipway.jobs.stats.EndedJobCounter;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Keeps the daily numbers up to date on the leader, in batches that are small enough to be in nobody's way. */
@Component
class RollUps {

    private static final Logger log = LoggerFactory.getLogger(RollUps.class);

    private static final int BATCH = 10_000;

    /** More than a year, so that one can be compared with the one before. */
    private static final int KEPT_DAYS = 400;

    private final EndedJobCounter counter;
    private final Leadership leadership;
    private final Clock clock;

    RollUps(EndedJobCounter counter, Leadership leadership, Clock clock) {
        this.counter = counter;
        this.leadership = leadership;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${slipway.reconcile.roll-up:10s}")
    void count() {
        try {
            boolean more = true;
            while (more && leadership.isLeader()) {
                more = counter.countNext(BATCH) == BATCH;
            }
            if (leadership.isLeader()) {
                counter.forgetBefore(
                        LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(KEPT_DAYS));
            }
        } catch (DataAccessException failure) {
            log.info("Ended jobs are counted with a later turn: {}", failure.getMessage());
        }
    }
}
