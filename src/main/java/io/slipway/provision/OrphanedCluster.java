package io.slipway.provision;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A cluster of this very installation that no order owns: it costs money, and nobody but a person knows whether it is needed. */
@Entity
public class OrphanedCluster {

    @Id
    private String clusterId;

    private String cluster;
    private String orderKey;
    private Instant createdAt;
    private Instant foundAt;

    @Column(length = 500)
    private String why;

    private boolean orderKnown;
    private @Nullable Instant endWishedAt;
    private @Nullable String endWishedBy;
    private @Nullable Instant endAskedAt;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected OrphanedCluster() {}

    OrphanedCluster(FoundCluster found, Orphanhood orphanhood, Instant now) {
        this.clusterId = found.clusterId();
        this.cluster = found.cluster();
        this.orderKey = found.orderKey();
        this.createdAt = found.createdAt();
        this.foundAt = now;
        this.why = orphanhood.why();
        this.orderKnown = orphanhood.isOrderKnown();
    }

    void is(Orphanhood orphanhood) {
        this.why = orphanhood.why();
        this.orderKnown = orphanhood.isOrderKnown();
    }

    void wishEnd(String by, Instant now) {
        if (endWishedAt == null) {
            this.endWishedAt = now;
            this.endWishedBy = by;
        }
    }

    void endAsked(Instant now) {
        this.endAskedAt = now;
    }

    public String clusterId() {
        return clusterId;
    }

    /** The configured name that is part of its name. */
    public String cluster() {
        return cluster;
    }

    /** The key of the order that is part of its name. */
    public String orderKey() {
        return orderKey;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /** When it was first seen without an order. */
    public Instant foundAt() {
        return foundAt;
    }

    /** Why no order owns it, for people. */
    public String why() {
        return why;
    }

    /** Whether its whole story is in the table; not so when the database was restored from before it was made. */
    public boolean isOrderKnown() {
        return orderKnown;
    }

    public @Nullable Instant endWishedAt() {
        return endWishedAt;
    }

    /** Who wants it to end. */
    public @Nullable String endWishedBy() {
        return endWishedBy;
    }

    public @Nullable Instant endAskedAt() {
        return endAskedAt;
    }
}
