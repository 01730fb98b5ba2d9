package io.slipway.compute;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the leader last saw of a cluster, kept for the replicas that do not ask it. */
@Entity
class ClusterSighting {

    @Id
    private String name;

    private String state;
    private @Nullable String message;
    private @Nullable Instant seenAt;
    private @Nullable String logUri;

    @Column(name = "place")
    private @Nullable String clusterId;

    @Column(name = "budget")
    @Convert(converter = CallsLeftColumn.class)
    private @Nullable List<CallsLeft> calls;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected ClusterSighting() {}

    ClusterSighting(String name, ClusterHealth health) {
        this.name = name;
        this.state = health.state().name();
        this.message = health.message();
        this.seenAt = health.seenAt();
        this.logUri = health.logUri();
        this.clusterId = health.clusterId();
        this.calls = health.calls();
    }

    ClusterHealth health() {
        return new ClusterHealth(
                ClusterState.of(state), message, seenAt, logUri, clusterId, calls == null ? List.of() : calls);
    }
}
