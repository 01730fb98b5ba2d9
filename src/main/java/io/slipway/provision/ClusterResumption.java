package io.slipway.provision;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;

/** The last time that a person said: failures of a template's orders before this are dealt with. */
@Entity
class ClusterResumption {

    @Id
    private String cluster;

    private Instant resumedAt;
    private String resumedBy;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected ClusterResumption() {}

    ClusterResumption(String cluster, String by, Instant now) {
        this.cluster = cluster;
        this.resumedBy = by;
        this.resumedAt = now;
    }

    Instant resumedAt() {
        return resumedAt;
    }
}
