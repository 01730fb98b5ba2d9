package io.slipway.reconcile;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.provision.ClusterLook;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.ClusterSearch;
import io.slipway.provision.ClusterTemplate;
import io.slipway.provision.FoundCluster;
import io.slipway.provision.IllegalOrderChange;
import io.slipway.provision.OrderIntent;
import io.slipway.provision.OrderState;
import io.slipway.provision.OrderTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Learns how ordered clusters are, and finds those whose order was answered by nobody. */
@Component
class OrderLooks {

    private static final Logger log = LoggerFactory.getLogger(OrderLooks.class);

    /** After how long a wish to end a cluster that shows no effect is sent again. */
    static final Duration END_AGAIN = Duration.ofMinutes(1);

    private final ClusterProvider provider;
    private final OrderTransactions transactions;
    private final Clock clock;
    private final Map<String, Instant> lastLook = new ConcurrentHashMap<>();

    OrderLooks(ClusterProvider provider, OrderTransactions transactions, Clock clock) {
        this.provider = provider;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Looks at each of them that was not looked at for a while. One that does not answer keeps no other from its look.
     *
     * @return whether it looked at any, which may have changed since
     */
    boolean at(ClusterTemplate template, List<ClusterOrder> open) {
        boolean looked = false;
        for (ClusterOrder order : open) {
            if (order.state() != OrderState.WANTED
                    && isDue(order, template.windows().pace())) {
                looked = true;
                try {
                    at(template, order);
                } catch (ComputeUnavailable.Spent later) {
                    lastLook.remove(order.key());
                } catch (ComputeUnavailable silence) {
                    log.warn("Order {} was not looked at: {}", order.key(), silence.getMessage());
                }
            }
        }
        Instant past = clock.instant().minus(template.windows().pace());
        lastLook.values().removeIf(last -> !last.isAfter(past));
        return looked;
    }

    private boolean isDue(ClusterOrder order, Duration pace) {
        Instant now = clock.instant();
        Instant last = lastLook.get(order.key());
        if (last != null && now.isBefore(last.plus(pace))) {
            return false;
        }
        lastLook.put(order.key(), now);
        return true;
    }

    private void at(ClusterTemplate template, ClusterOrder order) {
        if (order.state() == OrderState.REQUESTED) {
            find(template, order);
            return;
        }
        String id = order.clusterId();
        if (id != null) {
            ClusterLook look = provider.look(id);
            fact(order, fresh -> write(fresh, look, template));
            if (look.instanceHours() != null && !look.instanceHours().equals(order.instanceHours())) {
                fact(order, fresh -> fresh.used(Objects.requireNonNull(look.instanceHours())));
            }
        }
    }

    /** Of two clusters of one order the older stays; the other is ended before anything is written. */
    private void find(ClusterTemplate template, ClusterOrder order) {
        OrderIntent intent = order.intent().orElseThrow();
        Instant began = clock.instant();
        List<FoundCluster> found =
                provider
                        .find(ClusterSearch.madeSince(
                                intent.at().minus(template.windows().lookBack())))
                        .stream()
                        .filter(cluster -> cluster.orderKey().equals(order.key()))
                        .sorted(Comparator.comparing(FoundCluster::createdAt).thenComparing(FoundCluster::clusterId))
                        .toList();
        if (found.isEmpty()) {
            if (!began.isBefore(intent.at().plus(template.windows().settle()))) {
                fact(order, fresh -> {
                    if (fresh.intent().filter(intent::equals).isPresent()) {
                        fresh.notTaken("No cluster was made by the last call; it is ordered again.", clock.instant());
                    }
                });
            }
            return;
        }
        List<String> others = found.stream()
                .skip(1)
                .filter(other -> !other.ended())
                .map(FoundCluster::clusterId)
                .toList();
        if (!others.isEmpty()) {
            log.warn("Order {} was made more than once; ended are {}.", order.key(), others);
            provider.end(others);
        }
        fact(order, fresh -> fresh.taken(found.get(0).clusterId(), clock.instant()));
    }

    private void write(ClusterOrder order, ClusterLook look, ClusterTemplate template) {
        Instant now = clock.instant();
        switch (order.state()) {
            case STARTING -> starting(order, look, template, now);
            case READY -> ready(order, look, now);
            case DRAINING, ENDING -> {
                if (isGone(look)) {
                    order.ended(look.phase() == ClusterLook.Phase.FAILED ? look.why() : null, now);
                }
            }
            case WANTED, REQUESTED, ENDED, FAILED -> {}
        }
    }

    private static void starting(ClusterOrder order, ClusterLook look, ClusterTemplate template, Instant now) {
        boolean settled =
                !now.isBefore(order.stateSince().plus(template.windows().settle()));
        switch (look.phase()) {
            case COMING, ENDING -> {}
            case READY -> order.ready(now);
            case ENDED, FAILED -> order.failed(why(look), now);
            case UNKNOWN -> {
                if (settled) {
                    order.failed(why(look), now);
                }
            }
        }
    }

    private static void ready(ClusterOrder order, ClusterLook look, Instant now) {
        if (look.phase() == ClusterLook.Phase.ENDING) {
            order.drained(why(look), ClusterOrder.SLIPWAY, now);
        } else if (isGone(look)) {
            order.ended(why(look), now);
        }
    }

    private static boolean isGone(ClusterLook look) {
        return look.phase() == ClusterLook.Phase.ENDED
                || look.phase() == ClusterLook.Phase.FAILED
                || look.phase() == ClusterLook.Phase.UNKNOWN;
    }

    private static String why(ClusterLook look) {
        return Objects.requireNonNullElse(look.why(), "It ended, and EMR gave no reason.");
    }

    private void fact(ClusterOrder seen, Consumer<ClusterOrder> verb) {
        try {
            transactions.apply(seen.key(), verb);
        } catch (IllegalOrderChange overtaken) {
            log.debug("Order {} went on meanwhile: {}", seen.key(), overtaken.getMessage());
        }
    }
}
