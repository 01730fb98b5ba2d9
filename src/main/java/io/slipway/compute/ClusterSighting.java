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
    private @Nullable String place;

    @Column(name = "budget")
    @Convert(converter = CallsLeftColumn.class)
    private @Nullable List<CallsLeft> calls;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected ClusterSighting() {}

    ClusterSighting(String name, ClusterHealth health) {
        this.name = name;
        this.state = health.state();
        this.message = health.message();
        this.seenAt = health.seenAt();
        this.logUri = health.logUri();
        this.place = health.place();
        this.calls = health.calls();
    }

    ClusterHealth health() {
        return new ClusterHealth(state, message, seenAt, logUri, place, calls == null ? List.of() : calls);
    }
}
