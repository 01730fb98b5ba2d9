package io.slipway.vitals;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

class HeartbeatTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Heartbeat heartbeat = new Heartbeat(nanos::get);
    private final HealthIndicator health =
            new VitalsConfiguration().loopHealthIndicator(heartbeat, new VitalsSettings(Duration.ofMinutes(15)));

    @Test
    void oneSilentThreadAmongOthersIsEnoughAndIsNamed() {
        heartbeat.beat("loop-a");
        heartbeat.beat("loop-b");
        pass(Duration.ofMinutes(16));
        heartbeat.beat("loop-a");
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.health().getDetails().toString()).contains("loop-b", "960 s");
        heartbeat.beat("loop-b");
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void aThreadThatHasDoneItsWorkIsNotMissed() {
        heartbeat.beat("loop-a");
        heartbeat.ended("loop-a");
        pass(Duration.ofDays(1));
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void aTurnThatWaitsForEveryTimeOutIsNotSilence() {
        heartbeat.beat("loop-a");
        pass(Duration.ofMinutes(14));
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
