package io.slipway.compute;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What compiled code finds on a cluster's nodes.
 *
 * @param glibc its version, as {@code 2.26}
 * @param architecture as {@code uname -m} names it; {@code null} where nobody knows
 * @param pythons that the nodes have or can get, as {@code 3.9}
 * @param packages that all nodes are prepared with, as pip reads them; empty where nobody knows
 */
public record NodeSystem(String glibc, @Nullable String architecture, List<String> pythons, List<String> packages) {

    public NodeSystem {
        pythons = List.copyOf(pythons);
        packages = List.copyOf(packages);
    }
}
