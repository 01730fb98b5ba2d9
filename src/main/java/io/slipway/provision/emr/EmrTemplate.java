package io.slipway.provision.emr;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code slipway.clusters.<name>.emr.template}: what a cluster that is made to order is like. Its four parts stand side by side under the
 * one prefix.
 *
 * @param cluster the configured name
 */
record EmrTemplate(String cluster, Hardware hardware, Software software, Access access, Lifetime lifetime) {

    /**
     * Instances: groups or fleets, not both.
     *
     * @param instances by groups of one type each
     * @param fleets by types that EMR may choose from
     * @param managedScaling how far EMR may grow and shrink it
     * @param ebs volumes
     * @param ami an image of one's own
     */
    record Hardware(
            @Nullable Groups instances,
            @Nullable Fleets fleets,
            @Nullable Scaling managedScaling,
            @DefaultValue Ebs ebs,
            @Nullable String ami) {}

    /** @param primary its type; there is one of it */
    record Groups(
            @Nullable String primary,
            @DefaultValue Group core,
            @DefaultValue Group task) {}

    /**
     * One group.
     *
     * @param type of its instances
     * @param count of them
     * @param spot whether they are Spot instances, at most at the price of On-Demand
     */
    record Group(
            @Nullable String type,
            @DefaultValue("0") int count,
            @DefaultValue("false") boolean spot) {}

    record Fleets(
            @DefaultValue Fleet primary,
            @DefaultValue Fleet core,
            @DefaultValue Fleet task) {}

    /**
     * One fleet.
     *
     * @param types that EMR may choose from
     * @param onDemand how many units of On-Demand instances
     * @param spot how many units of Spot instances
     */
    record Fleet(
            @DefaultValue List<String> types,
            @DefaultValue("0") int onDemand,
            @DefaultValue("0") int spot) {}

    /**
     * Managed scaling, in instances, or in the units of fleets.
     *
     * @param min at least so many, the primary not counted
     * @param max at most so many
     * @param maxOnDemand of On-Demand at most
     * @param maxCore of core nodes at most
     */
    record Scaling(
            int min,
            int max,
            @Nullable Integer maxOnDemand,
            @Nullable Integer maxCore) {}

    /**
     * Volumes.
     *
     * @param rootGb size of each root volume
     * @param sizeGb size of one more volume of each instance
     * @param type of that volume
     */
    record Ebs(
            @Nullable Integer rootGb,
            @Nullable Integer sizeGb,
            @DefaultValue("gp3") String type) {}

    /**
     * What is on the nodes.
     *
     * @param release such as {@code emr-7.14.0}
     * @param python the Python of Spark's programs
     * @param bootstrapActions more of them, which run after ours
     * @param arrow whether Arrow carries what goes between Spark and pandas, under the name that the release's Spark knows
     * @param maximizeResourceAllocation whether one job gets all that the cluster has
     * @param configurations further classifications, as JSON text as AWS documents it
     */
    record Software(
            @Nullable String release,
            @DefaultValue Python python,
            @DefaultValue List<Bootstrap> bootstrapActions,
            @Nullable Boolean arrow,
            @DefaultValue("false") boolean maximizeResourceAllocation,
            @Nullable String configurations) {}

    /**
     * Python on all nodes.
     *
     * @param version such as {@code 3.11}; absent: the release's own
     * @param packages as pip takes them, such as {@code numpy==2.1.3}
     */
    record Python(@Nullable String version, @DefaultValue List<String> packages) {}

    record Bootstrap(
            @Nullable String name,
            @Nullable String path,
            @DefaultValue List<String> args) {}

    /**
     * Where it stands, and what it may do.
     *
     * @param subnetIds one after the other is tried; with fleets EMR chooses among them
     * @param instanceProfile of the EC2 instances
     * @param logUri where it ships its logs; without it there are none
     * @param securityConfiguration such as one that allows runtime roles
     * @param cloudwatchLogs whether logs go to CloudWatch, too (from 7.11.0 on)
     * @param tags beside ours
     */
    record Access(
            @DefaultValue List<String> subnetIds,
            @DefaultValue("EMR_DefaultRole") String serviceRole,
            @DefaultValue("EMR_EC2_DefaultRole") String instanceProfile,
            @Nullable String logUri,
            @Nullable String securityConfiguration,
            @DefaultValue("false") boolean cloudwatchLogs,
            @DefaultValue Map<String, String> tags) {}

    /**
     * How many, and for how long.
     *
     * @param stepConcurrency how many steps a cluster runs at once
     * @param most clusters at once; one that is ending counts
     * @param per whether jobs share clusters
     * @param idleTimeout a cluster without jobs ends after it
     * @param longestLife a cluster that is older gets no more jobs
     * @param bootLimit a cluster that is not ready after it is given up
     */
    record Lifetime(
            @DefaultValue("1") int stepConcurrency,
            @DefaultValue("1") int most,
            @DefaultValue("shared") Sharing per,
            @DefaultValue("15m") Duration idleTimeout,
            @DefaultValue("24h") Duration longestLife,
            @DefaultValue("45m") Duration bootLimit) {}

    /** Who gets a cluster. */
    enum Sharing {
        SHARED,
        JOB
    }

    /** How many of our runs one cluster holds: where there may be more clusters, none waits in a cluster's own queue. */
    int slots(int lookAhead) {
        if (lifetime.per() == Sharing.JOB) {
            return 1;
        }
        return lifetime.most() > 1 ? lifetime.stepConcurrency() : Math.min(256, lifetime.stepConcurrency() + lookAhead);
    }

    /** In how many subnets it can be tried, one after the other; with fleets EMR chooses among all of them. */
    int subnetsToTry() {
        return hasFleets() ? 1 : Math.max(1, access.subnetIds().size());
    }

    boolean hasFleets() {
        return hardware.fleets() != null;
    }
}
