package io.slipway.reconcile;

import io.slipway.provision.EndedOrders;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Takes away orders of clusters that ended as long ago as jobs are kept, on the leader alone. */
@Component
class OldOrders {

    private static final Logger log = LoggerFactory.getLogger(OldOrders.class);

    private final EndedOrders ended;
    private final RetentionSettings settings;
    private final Leadership leadership;
    private final Clock clock;

    OldOrders(EndedOrders ended, RetentionSettings settings, Leadership leadership, Clock clock) {
        this.ended = ended;
        this.settings = settings;
        this.leadership = leadership;
        this.clock = clock;
    }

    @Scheduled(
            fixedDelayString = "${slipway.retention.every:10m}",
            initialDelayString = "${slipway.retention.every:10m}")
    void sweep() {
        int removed = 0;
        List<String> page;
        do {
            page = leadership.isLeader()
                    ? ended.endedBefore(clock.instant().minus(settings.endedJobs()), settings.batch())
                    : List.of();
            page.forEach(ended::remove);
            removed += page.size();
        } while (page.size() == settings.batch());
        if (removed > 0) {
            log.info("Retention removed {} cluster orders.", removed);
        }
    }
}
