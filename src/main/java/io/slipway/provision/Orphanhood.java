package io.slipway.provision;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why no order owns a cluster.
 *
 * @param isOrderKnown whether the table has the order that made it and how that ended; else the database may have been restored from before
 *     it was made, and its jobs may be unknown as well
 */
record Orphanhood(String why, boolean isOrderKnown) {

    /** A cluster's own clock may be behind the one by which its order was written. */
    private static final Duration CLOCKS = Duration.ofMinutes(5);

    /**
     * Empty when an order owns it.
     *
     * @param order of the key that its name tells, read after the cluster was seen
     */
    static Optional<Orphanhood> of(FoundCluster cluster, @Nullable ClusterOrder order) {
        if (order == null) {
            return Optional.of(new Orphanhood(
                    "Order " + cluster.orderKey() + " is not known: the database may have been restored.", false));
        }
        boolean isOwn = order.clusterId() == null || cluster.clusterId().equals(order.clusterId());
        if (!order.state().isOver() && isOwn) {
            return Optional.empty();
        }
        Instant intentAt = order.intent().map(OrderIntent::at).orElse(null);
        boolean known = intentAt != null && !cluster.createdAt().isBefore(intentAt.minus(CLOCKS));
        String why = isOwn
                ? "Its order is " + order.state() + "."
                : "Its order has another cluster, " + order.clusterId() + ".";
        return Optional.of(new Orphanhood(
                known ? why : why + " It was made before that order was sent: the database may have been restored.",
                known));
    }
}
