package io.slipway.provision;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** All orders. Changes go through {@link OrderTransactions}. */
public interface ClusterOrders extends Repository<ClusterOrder, String> {

    Optional<ClusterOrder> findByKey(String key);

    /** Oldest first. */
    List<ClusterOrder> findByClusterAndStateInOrderByKey(String cluster, Collection<OrderState> states);

    List<ClusterOrder> findByStateInOrderByKey(Collection<OrderState> states);

    @Query("select distinct o.cluster from ClusterOrder o where o.state in :states")
    List<String> clustersOf(Collection<OrderState> states);

    /** Newest first. */
    List<ClusterOrder> findByClusterOrderByKeyDesc(String cluster, Limit limit);

    /** All that begin before a key, newest first. */
    List<ClusterOrder> findByClusterAndKeyLessThanOrderByKeyDesc(String cluster, String before, Limit limit);

    /** Newest first. */
    @Query("select e from ClusterOrderEvent e where e.order.key = :key order by e.id desc")
    List<ClusterOrderEvent> lastEventsOf(String key, Limit limit);
}
