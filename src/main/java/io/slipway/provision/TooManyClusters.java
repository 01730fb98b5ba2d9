package io.slipway.provision;

/** There are as many clusters of a template as there may be. */
public final class TooManyClusters extends RuntimeException {
    TooManyClusters(String cluster, int most) {
        super("There are " + most + " clusters of " + cluster + " already, as many as slipway.clusters." + cluster
                + ".emr.template.most allows; one that is ending counts.");
    }
}
