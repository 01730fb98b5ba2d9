package io.slipway.provision;

/** No cluster of this id is known to be without an order. */
public final class UnknownOrphan extends RuntimeException {

    UnknownOrphan(String clusterId) {
        super("There is no cluster " + clusterId + " without an order. It may have ended meanwhile.");
    }
}
