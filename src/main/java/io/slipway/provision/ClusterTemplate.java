package io.slipway.provision;

import java.time.Duration;

/**
 * What a configured cluster is like whose clusters are made to order, as far as ordering is concerned.
 *
 * @param cluster its configured name
 * @param hash of all that decides how a cluster is made; clusters that were made by another hash are drained
 */
public record ClusterTemplate(String cluster, String hash, Size size, Times times, Windows windows) {

    /**
     * How many.
     *
     * @param most clusters at once
     * @param stepConcurrency how many steps one cluster runs at once
     * @param slots how many of our runs one cluster holds, waiting ones included
     * @param subnets in how many subnets it can be tried, one after the other
     * @param perJob whether each job gets a cluster of its own
     */
    public record Size(int most, int stepConcurrency, int slots, int subnets, boolean perJob) {}

    /**
     * When a cluster ends.
     *
     * @param idle after so long without a job
     * @param longestLife after which it gets no more jobs
     * @param boot in which it must become ready
     */
    public record Times(Duration idle, Duration longestLife, Duration boot) {}

    /**
     * How patient one has to be with whoever makes the clusters.
     *
     * @param settle how long after an intent a complete listing that finds no cluster proves that there is none
     * @param lookBack how long before the intent that listing must reach
     * @param pace how long to leave between two looks at one cluster
     */
    public record Windows(Duration settle, Duration lookBack, Duration pace) {}

    int slots() {
        return size.slots();
    }

    boolean perJob() {
        return size.perJob();
    }

    int most() {
        return size.most();
    }
}
