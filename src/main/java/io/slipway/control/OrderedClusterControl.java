package io.slipway.control;

import io.slipway.access.Caller;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.OrderBook;
import io.slipway.provision.OrderWishes;
import io.slipway.provision.OrphanedCluster;
import io.slipway.provision.OrphanedClusters;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Component;

/** What operators may do with clusters that are made to order. Only the wish is written here: the leader makes it come true. */
@Component
public class OrderedClusterControl {

    private final OrderBook book;
    private final OrderWishes wishes;
    private final OrphanedClusters orphans;
    private final Clock clock;

    OrderedClusterControl(OrderBook book, OrderWishes wishes, OrphanedClusters orphans, Clock clock) {
        this.book = book;
        this.wishes = wishes;
        this.orphans = orphans;
        this.clock = clock;
    }

    /** Makes a cluster before any job waits for it. */
    public ClusterOrder start(Caller caller, String cluster) {
        return wishes.start(cluster, operator(caller));
    }

    /** It ends after the jobs that it has. */
    public ClusterOrder drain(Caller caller, String cluster, String key) {
        String by = operator(caller);
        return wishes.drain(book.order(cluster, key).key(), by);
    }

    /** It ends now, with the jobs that it has. */
    public ClusterOrder terminate(Caller caller, String cluster, String key) {
        String by = operator(caller);
        return wishes.terminate(book.order(cluster, key).key(), by);
    }

    /** Orders again what failed too often. */
    public void resume(Caller caller, String cluster) {
        wishes.resume(cluster, operator(caller));
    }

    /** The clusters of this installation that no order owns. */
    public List<OrphanedCluster> orphans(Caller caller) {
        operator(caller);
        return orphans.all();
    }

    /** A cluster that no order owns ends soon, with all that runs on it. */
    public OrphanedCluster terminateOrphan(Caller caller, String clusterId) {
        return orphans.terminate(clusterId, operator(caller), clock.instant());
    }

    private static String operator(Caller caller) {
        if (!caller.isOperator()) {
            throw new NotAnOperator();
        }
        return caller.owner();
    }
}
