package io.slipway.control;

import io.slipway.access.Caller;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.OrderBook;
import io.slipway.provision.OrderWishes;
import io.slipway.provision.UnknownOrder;
import org.springframework.stereotype.Component;

/** What operators may do with clusters that are made to order. Only the wish is written here: the leader makes it come true. */
@Component
public class OrderedClusterControl {

    private final OrderBook book;
    private final OrderWishes wishes;

    OrderedClusterControl(OrderBook book, OrderWishes wishes) {
        this.book = book;
        this.wishes = wishes;
    }

    /** Makes a cluster before any job waits for it. */
    public ClusterOrder start(Caller caller, String cluster) {
        return wishes.start(cluster, operator(caller));
    }

    /** It ends after the jobs that it has. */
    public ClusterOrder drain(Caller caller, String cluster, String key) {
        String by = operator(caller);
        return wishes.drain(keyOf(cluster, key), by);
    }

    /** It ends now, with the jobs that it has. */
    public ClusterOrder terminate(Caller caller, String cluster, String key) {
        String by = operator(caller);
        return wishes.terminate(keyOf(cluster, key), by);
    }

    /** Orders again what failed too often. */
    public void resume(Caller caller, String cluster) {
        wishes.resume(cluster, operator(caller));
    }

    private String keyOf(String cluster, String key) {
        return book.find(key)
                .filter(order -> order.cluster().equals(cluster))
                .map(ClusterOrder::key)
                .orElseThrow(() -> new UnknownOrder(key));
    }

    private static String operator(Caller caller) {
        if (!caller.isOperator()) {
            throw new NotAnOperator();
        }
        return caller.owner();
    }
}
