package io.slipway.provision;

/** The cluster is not made to order. */
public final class UnknownTemplate extends RuntimeException {
    UnknownTemplate(String cluster) {
        super("Cluster '" + cluster + "' is not made to order: there is no slipway.clusters." + cluster
                + ".emr.template.");
    }
}
