package io.slipway.provision;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.transaction.annotation.Transactional;

/** All orders. Changes go through {@link OrderTransactions}. */
public interface ClusterOrders extends Repository<ClusterOrder, String> {

    Optional<ClusterOrder> findByKey(String key);

    /** Oldest first. */
    List<ClusterOrder> findByClusterAndStateInOrderByKey(String cluster, Collection<OrderState> states);

    List<ClusterOrder> findByStateInOrderByKey(Collection<OrderState> states);

    /** Newest first. */
    List<ClusterOrder> findByClusterOrderByKeyDesc(String cluster, Limit limit);

    List<ClusterOrder> findByClusterIdIn(Collection<String> clusterIds);

    @Query("select e from ClusterOrderEvent e where e.order.key = :key order by e.id")
    List<ClusterOrderEvent> eventsOf(String key);

    /** Orders that ended before that time, and which nothing tells of any more. */
    @Modifying
    @Transactional
    @Query("delete from ClusterOrderEvent e where e.order.key in"
            + " (select o.key from ClusterOrder o where o.endedAt < :before)")
    int forgetEvents(Instant before);

    @Modifying
    @Transactional
    @Query("delete from ClusterOrder o where o.endedAt < :before")
    int forget(Instant before);
}
