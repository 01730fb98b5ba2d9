package io.slipway.provision;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One cluster that is made to order, from the wish for it to its end. Each change is a verb that checks whether it may happen now and
 * writes its line of history; the version column makes a writer who looked at an older story fail.
 */
@Entity
public class ClusterOrder {

    /** Who is named in the history when no person asked. */
    public static final String SLIPWAY = "slipway";

    private static final int LONGEST_REASON = 2000;

    @Id
    @Column(name = "order_key")
    private String key;

    @Version
    private @Nullable Long version;

    private String cluster;
    private String templateHash;

    @Enumerated(EnumType.STRING)
    private OrderState state;

    private Instant stateSince;
    private String wantedBy;
    private int subnet;
    private Instant createdAt;
    private @Nullable Instant intentAt;
    private @Nullable String clusterId;
    private @Nullable String jobId;
    private @Nullable Instant readyAt;
    private @Nullable Instant idleSince;
    private @Nullable Instant endAskedAt;
    private @Nullable Instant endedAt;
    private boolean failed;

    @Column(length = LONGEST_REASON)
    private @Nullable String reason;

    private @Nullable Integer instanceHours;

    // A bag that is only ever added to: Hibernate then inserts without reading the history first.
    @OneToMany(mappedBy = "order", cascade = CascadeType.PERSIST)
    private List<ClusterOrderEvent> events = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // JPA fills the fields.
    protected ClusterOrder() {}

    private ClusterOrder(String key, ClusterTemplate template, int subnet, String by, Instant now) {
        this.key = key;
        this.cluster = template.cluster();
        this.templateHash = template.hash();
        this.subnet = subnet;
        this.wantedBy = by;
        this.createdAt = now;
        this.state = OrderState.WANTED;
        this.stateSince = now;
        events.add(new ClusterOrderEvent(this, now, null, OrderState.WANTED, by, null));
    }

    /**
     * Somebody wants a cluster.
     *
     * @param key sorts by time of creation (a ULID)
     * @param subnet which of the template's subnets, counted from 0
     */
    public static ClusterOrder wanted(String key, ClusterTemplate template, int subnet, String by, Instant now) {
        return new ClusterOrder(key, template, subnet, by, now);
    }

    /** The intent to order it, committed before anybody is called. By the template as it is now. */
    public void requesting(ClusterTemplate template, Instant now) {
        this.templateHash = template.hash();
        // As the database has it: the answer is applied to the very intent that it belongs to.
        this.intentAt = now.truncatedTo(ChronoUnit.MICROS);
        become(OrderState.REQUESTED, null, SLIPWAY, now);
    }

    /** Nobody wants it any more, and nothing was sent. */
    public void dropped(String why, String by, Instant now) {
        end(OrderState.ENDED, why, by, now);
    }

    /** The cluster is being made. */
    public void taken(String id, Instant now) {
        this.clusterId = id;
        become(OrderState.STARTING, null, SLIPWAY, now);
    }

    /** It certainly was not taken, and is sent again under the same key. */
    public void notTaken(String why, Instant now) {
        become(OrderState.WANTED, why, SLIPWAY, now);
    }

    /** It will not be made, or it ended before it was ready. */
    public void failed(String why, Instant now) {
        this.failed = true;
        end(OrderState.FAILED, why, SLIPWAY, now);
    }

    public void ready(Instant now) {
        this.readyAt = now;
        this.idleSince = now;
        become(OrderState.READY, null, SLIPWAY, now);
    }

    /** It gets no more runs. */
    public void drained(String why, String by, Instant now) {
        become(OrderState.DRAINING, why, by, now);
    }

    /** It is to end now. */
    public void ending(String why, String by, Instant now) {
        become(OrderState.ENDING, why, by, now);
    }

    /** As {@link #ending}, since it did not become what was ordered. */
    public void givenUp(String why, Instant now) {
        this.failed = true;
        become(OrderState.ENDING, why, SLIPWAY, now);
    }

    /** The wish to end it was sent; it may be sent again. */
    public void endAsked(Instant now) {
        this.endAskedAt = now;
    }

    /** It is there no longer. */
    public void ended(@Nullable String why, Instant now) {
        end(failed ? OrderState.FAILED : OrderState.ENDED, why, SLIPWAY, now);
    }

    /** The first job that goes there has it alone. */
    public void givenTo(String job) {
        if (jobId == null) {
            this.jobId = job;
        }
    }

    /** Since when nothing runs there and nothing waits; {@code null} while something does. */
    public void idleSince(@Nullable Instant since) {
        this.idleSince = since;
    }

    public void used(int normalisedInstanceHours) {
        this.instanceHours = normalisedInstanceHours;
    }

    private void end(OrderState how, @Nullable String why, String by, Instant now) {
        become(how, why, by, now);
        this.endedAt = now;
    }

    private void become(OrderState next, @Nullable String why, String by, Instant now) {
        if (!state.next().contains(next)) {
            throw new IllegalOrderChange(key, state, next);
        }
        String words = why == null || why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON - 1) + "…";
        events.add(new ClusterOrderEvent(this, now, state, next, by, words));
        this.state = next;
        this.stateSince = now;
        boolean goesWell = next == OrderState.STARTING || next == OrderState.READY;
        this.reason = words == null && !goesWell ? reason : words;
    }

    public String key() {
        return key;
    }

    public long version() {
        return version == null ? 0 : version;
    }

    public String cluster() {
        return cluster;
    }

    public String templateHash() {
        return templateHash;
    }

    public OrderState state() {
        return state;
    }

    public Instant stateSince() {
        return stateSince;
    }

    public String wantedBy() {
        return wantedBy;
    }

    public int subnet() {
        return subnet;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Optional<OrderIntent> intent() {
        return Optional.ofNullable(intentAt).map(at -> new OrderIntent(key, cluster, subnet, at));
    }

    public @Nullable String clusterId() {
        return clusterId;
    }

    public @Nullable String jobId() {
        return jobId;
    }

    public @Nullable Instant readyAt() {
        return readyAt;
    }

    public @Nullable Instant idleSince() {
        return idleSince;
    }

    public @Nullable Instant endAskedAt() {
        return endAskedAt;
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }

    /** Why it is where it is; the last that was said. */
    public @Nullable String reason() {
        return reason;
    }

    public @Nullable Integer instanceHours() {
        return instanceHours;
    }
}
