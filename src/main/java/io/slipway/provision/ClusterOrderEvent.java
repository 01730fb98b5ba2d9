package io.slipway.provision;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of an order's history. */
@Entity
public class ClusterOrderEvent {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "order_key")
    private ClusterOrder order;

    private Instant occurredAt;

    @Enumerated(EnumType.STRING)
    private @Nullable OrderState fromState;

    @Enumerated(EnumType.STRING)
    private OrderState toState;

    @Column(name = "by_whom")
    private String by;

    private @Nullable String reason;

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected ClusterOrderEvent() {}

    ClusterOrderEvent(
            ClusterOrder order,
            Instant occurredAt,
            @Nullable OrderState from,
            OrderState to,
            String by,
            @Nullable String reason) {
        this.order = order;
        this.occurredAt = occurredAt;
        this.fromState = from;
        this.toState = to;
        this.by = by;
        this.reason = reason;
    }

    public Instant occurredAt() {
        return occurredAt;
    }

    public @Nullable OrderState from() {
        return fromState;
    }

    public OrderState to() {
        return toState;
    }

    public String by() {
        return by;
    }

    public @Nullable String reason() {
        return reason;
    }
}
