package io.slipway.provision;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.persistence.EntityManager;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The only way in which orders change: one verb, one transaction, one line in the log. A fact or a wish is applied to the fresh row; a
 * decision fails when the row is not as it was seen.
 */
@Component
public class OrderTransactions {

    private static final Logger log = LoggerFactory.getLogger(OrderTransactions.class);

    private static final int TRIES = 8;

    private final ClusterOrders orders;
    private final EntityManager entities;
    private final TransactionTemplate transaction;
    private final MeterRegistry meters;

    OrderTransactions(
            ClusterOrders orders,
            EntityManager entities,
            PlatformTransactionManager transactions,
            MeterRegistry meters) {
        this.orders = orders;
        this.entities = entities;
        this.transaction = new TransactionTemplate(transactions);
        this.meters = meters;
    }

    public ClusterOrder insert(ClusterOrder order) {
        transaction.executeWithoutResult(status -> entities.persist(order));
        announce(order, null);
        return order;
    }

    /**
     * Applies a fact or a wish to the order as it is now.
     *
     * @throws IllegalOrderChange when it may not follow the order's state
     */
    public ClusterOrder apply(String key, Consumer<ClusterOrder> verb) {
        for (int tries = 1; ; tries++) {
            try {
                return change(key, null, verb);
            } catch (OptimisticLockingFailureException conflict) {
                if (tries == TRIES) {
                    throw conflict;
                }
            }
        }
    }

    /**
     * Applies a decision that was taken on the order as it was seen.
     *
     * @throws OptimisticLockingFailureException when the order has changed since
     */
    public ClusterOrder decide(ClusterOrder seen, Consumer<ClusterOrder> verb) {
        return change(seen.key(), seen.version(), verb);
    }

    private ClusterOrder change(String key, @Nullable Long expected, Consumer<ClusterOrder> verb) {
        OrderState[] before = new OrderState[1];
        ClusterOrder changed = transaction.execute(status -> {
            ClusterOrder order = orders.findByKey(key).orElseThrow(() -> new UnknownOrder(key));
            if (expected != null && order.version() != expected) {
                throw new OptimisticLockingFailureException("order " + key + " is at version " + order.version()
                        + ", the decision was taken at version " + expected);
            }
            before[0] = order.state();
            verb.accept(order);
            return order;
        });
        if (changed == null) {
            throw new UnknownOrder(key);
        }
        announce(changed, before[0]);
        return changed;
    }

    private void announce(ClusterOrder order, @Nullable OrderState before) {
        if (before == order.state()) {
            return;
        }
        log.info(
                "Order {} of {}: {} -> {}{}{}",
                order.key(),
                order.cluster(),
                before == null ? "new" : before,
                order.state(),
                order.clusterId() == null ? "" : " (" + order.clusterId() + ")",
                order.reason() == null ? "" : ": " + order.reason().replace('\n', ' '));
        meters.counter(
                        "slipway.cluster.orders",
                        "cluster",
                        order.cluster(),
                        "state",
                        order.state().name())
                .increment();
    }
}
