package io.slipway.vitals;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Scheduled work is done in time: the pool has a thread for each piece of it, so that none waits for another that hangs. */
@Component
class SchedulerBeat {

    private final Heartbeat scheduler;

    SchedulerBeat(@Qualifier("schedulerHeartbeat") Heartbeat scheduler) {
        this.scheduler = scheduler;
    }

    @Scheduled(fixedDelay = 1000)
    void beat() {
        scheduler.beat("scheduler");
    }
}
