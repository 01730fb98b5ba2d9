package io.slipway.project;

/** What a driver runs in, as far as that decides what its sources may do. */
public enum DriverHost {
    /** A process that starts in the project's folder and ends as it likes. */
    PROCESS,
    /** The same on a cluster's primary node, under {@code spark-submit}: the driver's JVM runs before the program. */
    PRIMARY_NODE,
    /** A container of YARN, by our launcher, which makes a Spark context at the end where there was none. */
    CONTAINER_WITH_LATE_CONTEXT,
    /** A container of YARN, by our launcher; a program that makes no Spark context is called FAILED. */
    CONTAINER_WITH_LAUNCHER,
    /** A container of YARN, with nothing of ours between Spark and the program. */
    CONTAINER_ALONE
}
