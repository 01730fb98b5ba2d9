package io.slipway.compute.local;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may have this machine run what they send.
 *
 * @param enabled whether it may be a cluster at all; profile {@code aws} says no
 * @param remoteCallers whether it may be one although the service listens where other machines reach it: their projects then run here,
 *     beside the service and with its rights
 */
@ConfigurationProperties("slipway.compute.local")
record LocalExposure(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean remoteCallers) {

    /** @param address {@code server.address}; nothing means every address of the machine */
    void check(String cluster, @Nullable String address) {
        if (!enabled) {
            throw new IllegalStateException("Cluster '" + cluster + "' would run jobs on this machine, which"
                    + " slipway.compute.local.enabled=false forbids (profile aws sets it). Name an EMR cluster instead:"
                    + " slipway.clusters.<name>.emr.cluster-id=j-…");
        }
        if (!remoteCallers && !isLoopback(address)) {
            throw new IllegalStateException("server.address is "
                    + (address == null || address.isEmpty() ? "not set" : address)
                    + ", which others can reach, and cluster '" + cluster
                    + "' runs what it is sent on this machine. Set slipway.compute.local.remote-callers=true if that is meant (best in a"
                    + " container that holds nothing else), or configure EMR clusters only.");
        }
    }

    private static boolean isLoopback(@Nullable String address) {
        try {
            return address != null
                    && !address.isEmpty()
                    && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            throw new IllegalStateException("server.address is " + address + ", which is no address of this machine.");
        }
    }
}
