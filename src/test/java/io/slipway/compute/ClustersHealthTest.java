package io.slipway.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class ClustersHealthTest {

    private static final Instant SEEN = Instant.parse("2030-01-01T12:00:00Z");

    private final MutableClock clock = new MutableClock(SEEN);
    private ClusterHealth seen = new ClusterHealth(ClusterState.WAITING, null, SEEN);
    private final ClustersHealth health = new ClustersHealth(
            Clusters.of(List.of(new FakeCompute("emr", 1, Duration.ZERO, clock))),
            new ClusterSightings(null, null) {
                @Override
                public Map<String, ClusterHealth> all() {
                    return Map.of("emr", seen);
                }
            },
            clock);

    @Test
    void isUpWhileTheClusterIsSeenAndTakesRuns() {
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void isDegradedWhenAClusterThatWasWellAnswersNoMore() {
        seen = new ClusterHealth(ClusterState.WAITING, "Unable to execute HTTP request", SEEN);
        clock.advance(Duration.ofMinutes(16));
        Health now = health.health();
        assertThat(now.getStatus()).isEqualTo(ClustersHealth.DEGRADED);
        assertThat(now.getDetails().get("emr"))
                .isEqualTo("WAITING, last seen at 2030-01-01T12:00:00Z: Unable to execute HTTP request");
    }

    @Test
    void isDegradedWhenAClusterHasEnded() {
        seen = new ClusterHealth(ClusterState.TERMINATED, "by request", SEEN);
        assertThat(health.health().getStatus()).isEqualTo(ClustersHealth.DEGRADED);
    }
}
