package io.slipway.provision;

import io.slipway.compute.OrderedClusters;
import io.slipway.jobs.Jobs;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import org.springframework.transaction.PlatformTransactionManager;

/** The room's own parts on a table, for a provider that a test makes. */
public record TestOrders(
        ClusterOrders orders,
        Jobs jobs,
        OrderTransactions transactions,
        EntityManager entities,
        PlatformTransactionManager transactionManager) {

    public OrderBook book(ClusterProvider provider) {
        return new OrderBook(orders, provider, entities);
    }

    public OrderedClusters ready(ClusterProvider provider) {
        return new ReadyClusters(orders, jobs, provider, book(provider));
    }

    public OrderWishes wishes(ClusterProvider provider, Clock clock) {
        return new OrderWishes(book(provider), transactions, entities, transactionManager, clock);
    }
}
