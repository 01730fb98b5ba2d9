package io.slipway.provision;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What was ordered, and what there is to say about it. It reads the table; nobody is asked. */
@Component
public class OrderBook {

    private static final int ENDED_SHOWN = 5;
    /** As many as decide what is ordered next; retention leaves them. */
    static final int LAST = 40;

    private static final int EVENTS_SHOWN = 200;

    private final ClusterOrders orders;
    private final ClusterProvider provider;
    private final EntityManager entities;

    OrderBook(ClusterOrders orders, ClusterProvider provider, EntityManager entities) {
        this.orders = orders;
        this.provider = provider;
        this.entities = entities;
    }

    /** By the configured name of the cluster. */
    public Map<String, ClusterTemplate> templates() {
        return provider.templates();
    }

    /** @throws UnknownTemplate when the cluster has none */
    public ClusterTemplate template(String cluster) {
        ClusterTemplate template = templates().get(cluster);
        if (template == null) {
            throw new UnknownTemplate(cluster);
        }
        return template;
    }

    public List<ClusterOrder> open(String cluster) {
        return orders.findByClusterAndStateInOrderByKey(cluster, OrderState.notOver());
    }

    /** Those with orders that are not over. */
    public List<String> clustersWithOpen() {
        return orders.clustersOf(OrderState.notOver());
    }

    public Optional<ClusterOrder> find(String key) {
        return orders.findByKey(key);
    }

    /** Those that are not over and the last that are, newest first. */
    public List<ClusterOrder> shown(String cluster) {
        List<ClusterOrder> last = orders.findByClusterOrderByKeyDesc(cluster, Limit.of(LAST));
        return Stream.concat(
                        last.stream().filter(order -> !order.state().isOver()),
                        last.stream().filter(order -> order.state().isOver()).limit(ENDED_SHOWN))
                .toList();
    }

    /**
     * Its orders that are kept, newest first.
     *
     * @param before only those before this key; {@code null} for the newest
     */
    public List<ClusterOrder> list(String cluster, @Nullable String before, int limit) {
        return before == null
                ? orders.findByClusterOrderByKeyDesc(cluster, Limit.of(limit))
                : orders.findByClusterAndKeyLessThanOrderByKeyDesc(cluster, before, Limit.of(limit));
    }

    /**
     * The order of the cluster.
     *
     * @throws UnknownOrder when there is none
     */
    public ClusterOrder order(String cluster, String key) {
        return find(key).filter(order -> order.cluster().equals(cluster)).orElseThrow(() -> new UnknownOrder(key));
    }

    /** The last {@value #EVENTS_SHOWN} lines of its history, oldest first. */
    public List<ClusterOrderEvent> eventsOf(String key) {
        List<ClusterOrderEvent> last = new ArrayList<>(orders.lastEventsOf(key, Limit.of(EVENTS_SHOWN)));
        Collections.reverse(last);
        return last;
    }

    @Transactional(readOnly = true)
    public OrderHistory history(String cluster) {
        ClusterResumption resumed = entities.find(ClusterResumption.class, cluster);
        Instant resumedAt = resumed == null ? null : resumed.resumedAt();
        return OrderHistory.of(orders.findByClusterOrderByKeyDesc(cluster, Limit.of(LAST)), resumedAt);
    }

    /** What jobs in the queue of the cluster wait for; empty when a cluster is there, or its clusters are not made to order. */
    public Optional<ClusterWait> waitFor(String cluster) {
        if (!templates().containsKey(cluster)) {
            return Optional.empty();
        }
        List<ClusterOrder> open = open(cluster);
        if (open.stream().anyMatch(order -> order.state() == OrderState.READY && order.jobId() == null)) {
            return Optional.empty();
        }
        Set<String> owners = open.stream()
                .filter(order -> order.state() == OrderState.READY)
                .flatMap(order -> Optional.ofNullable(order.jobId()).stream())
                .collect(Collectors.toSet());
        OrderHistory history = history(cluster);
        ClusterOrder failed = history.lastFailure();
        return open.stream()
                .filter(order -> order.state().isComing())
                .findFirst()
                .or(() -> failed == null ? open.stream().findFirst() : Optional.empty())
                .map(order -> wait(order, failed, owners))
                .or(() -> Optional.ofNullable(failed).map(last -> wait(cluster, history, last, owners)));
    }

    private static ClusterWait wait(ClusterOrder order, @Nullable ClusterOrder failed, Set<String> owners) {

        String words = switch (order.state()) {
            case WANTED ->
                order.reason() == null
                        ? "A cluster is about to be ordered."
                        : "A cluster is about to be ordered again. " + order.reason();
            case REQUESTED -> "A cluster was ordered; the answer is not known yet.";
            case STARTING -> "Cluster " + order.clusterId() + " is starting.";
            case READY ->
                "Each cluster that there may be at once is another job's; one is made when the first has ended.";
            case DRAINING, ENDING -> "Cluster " + order.clusterId() + " ends first: there may be no more at once.";
            case ENDED, FAILED -> "Cluster " + order.clusterId() + " has ended.";
        };
        return new ClusterWait(
                order.state() == OrderState.READY ? "IN_USE" : order.state().name(),
                order.stateSince(),
                failed == null ? words : words + " The order before failed: " + failed.reason(),
                owners);
    }

    private static ClusterWait wait(String cluster, OrderHistory history, ClusterOrder failed, Set<String> owners) {
        String why = String.valueOf(failed.reason());
        return history.isPaused()
                ? new ClusterWait(
                        "PAUSED",
                        failed.stateSince(),
                        OrderHistory.MOST_FAILURES + " orders in a row have failed, the last: " + why
                                + " Nothing is ordered until an operator resumes it: POST /clusters/" + cluster
                                + "/resume.",
                        owners)
                : new ClusterWait(
                        "FAILED",
                        failed.stateSince(),
                        "The last order failed: " + why + " It is tried again at " + history.notBefore() + ".",
                        owners);
    }
}
