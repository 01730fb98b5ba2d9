package io.slipway.provision;

import java.time.Instant;

/** What became of one call that orders a cluster. */
public sealed interface OrderAnswer {

    /** Writes it down. */
    void apply(ClusterOrder order, Instant now);

    /** The cluster is being made. */
    record Taken(String clusterId) implements OrderAnswer {
        @Override
        public void apply(ClusterOrder order, Instant now) {
            order.taken(clusterId, now);
        }
    }

    /** Nothing was sent; it may be tried again. */
    record NotNow(String why) implements OrderAnswer {
        @Override
        public void apply(ClusterOrder order, Instant now) {
            order.notTaken(why, now);
        }
    }

    /** It certainly was not taken, and never will be as it is. */
    record Refused(String why) implements OrderAnswer {
        @Override
        public void apply(ClusterOrder order, Instant now) {
            order.failed(why, now);
        }
    }

    /** Whether it was taken has to be found out. */
    record Unknown(String why) implements OrderAnswer {
        @Override
        public void apply(ClusterOrder order, Instant now) {}
    }
}
