package io.slipway.compute;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
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

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected ClusterSighting() {}

    ClusterSighting(String name, ClusterHealth health) {
        this.name = name;
        this.state = health.state();
        this.message = health.message();
        this.seenAt = health.seenAt();
        this.logUri = health.logUri();
        this.place = health.place();
    }

    ClusterHealth health() {
        return new ClusterHealth(state, message, seenAt, logUri, place);
    }
}
