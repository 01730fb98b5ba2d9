package io.slipway.provision;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Orders whose story is over: the only ones that may leave the table. */
@Component
public class EndedOrders {

    private final EntityManager entities;

    EndedOrders(EntityManager entities) {
        this.entities = entities;
    }

    /** Those that ended before a time, without the newest of each cluster, which decide what is ordered next; the oldest first. */
    @Transactional(readOnly = true)
    public List<String> endedBefore(Instant before, int limit) {
        return entities.createQuery(
                        "select o.key from ClusterOrder o where o.endedAt < :before and (select count(n) from"
                                + " ClusterOrder n where n.cluster = o.cluster and n.key > o.key) >= :kept order by o.key",
                        String.class)
                .setParameter("before", before)
                .setParameter("kept", (long) OrderBook.LAST)
                .setMaxResults(limit)
                .getResultList();
    }

    /** Takes an order away with its history; one that is over never changes again. */
    @Transactional
    public void remove(String key) {
        ClusterOrder order = entities.find(ClusterOrder.class, key);
        if (order == null) {
            return;
        }
        if (!order.state().isOver()) {
            throw new IllegalStateException("order " + key + " is " + order.state() + " and cannot be removed");
        }
        entities.createQuery("delete from ClusterOrderEvent e where e.order = :order")
                .setParameter("order", order)
                .executeUpdate();
        entities.remove(order);
    }
}
