package io.slipway.compute.emr.client;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How Slipway talks to EMR. The windows belong together: make them smaller only all at once, and only in tests.
 *
 * @param callDeadline longest age of an intent at which its AddJobFlowSteps or RunJobFlow call still leaves, and longest wait for the answer
 * @param signatureLifetime how long AWS takes a signed call (5 minutes, not ours to choose)
 * @param clockMargin how far the clocks of our replicas and of AWS may differ
 * @param lookBack how long before an intent a listing must reach to prove that there is no step of it
 * @param readTimeout longest wait for the answer to a call that only reads, or cancels
 * @param pace how long to leave between two looks at the steps of one cluster; EMR's default budget is one ListSteps every 2
 *     seconds for the whole account
 * @param clusterAge how old the state of a cluster may be before it is asked for again
 * @param budget the calls that may be made
 * @param cleanup whether the YARN applications of cancelled and timed-out runs are ended by a step of their own; a cancelled step leaves
 *     its application running. Without it nobody knows whether that has ended, so no other attempt starts after one that had begun
 * @param events news that come by themselves
 * @param logPathStyle whether the bucket of the clusters' logs is named in the path of its URL, as S3-compatible stores want it
 */
@ConfigurationProperties("slipway.compute.emr")
@Validated
public record EmrSettings(
        @DefaultValue("10s") Duration callDeadline,
        @DefaultValue("5m") Duration signatureLifetime,
        @DefaultValue("1m") Duration clockMargin,
        @DefaultValue("5m") Duration lookBack,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("5s") Duration pace,
        @DefaultValue("30s") Duration clusterAge,
        @DefaultValue("false") boolean logPathStyle,
        @DefaultValue @Valid Budget budget,
        @DefaultValue("true") boolean cleanup,
        @DefaultValue Events events) {

    /**
     * Calls to EMR, for all clusters together; a little below the quota that an AWS account has by default. An account with a larger
     * quota, or with other users of it, has its own figures here.
     *
     * @param total all calls
     * @param describeCluster for the clusters' own states
     * @param appUi for links to the Spark UI, with each replica
     * @param listClusters for clusters that are known by their name, or by tags, and for those that were made to order
     * @param runJobFlow for clusters that are made to order
     * @param terminateJobFlows for clusters that were made to order
     */
    public record Budget(
            @DefaultValue @Valid Total total,
            @DefaultValue @Valid Limit addJobFlowSteps,
            @DefaultValue @Valid Limit cancelSteps,
            @DefaultValue @Valid Limit listSteps,
            @DefaultValue @Valid Limit describeStep,
            @DefaultValue @Valid Limit describeCluster,
            @DefaultValue @Valid Limit listClusters,
            @DefaultValue @Valid Limit runJobFlow,
            @DefaultValue @Valid Limit terminateJobFlows,
            @DefaultValue @Valid AppUi appUi) {

        @ConstructorBinding
        public Budget {}

        /** For clusters that are there already. */
        public Budget(
                Total total,
                Limit addJobFlowSteps,
                Limit cancelSteps,
                Limit listSteps,
                Limit describeStep,
                Limit describeCluster,
                Limit listClusters,
                AppUi appUi) {
            this(
                    total,
                    addJobFlowSteps,
                    cancelSteps,
                    listSteps,
                    describeStep,
                    describeCluster,
                    listClusters,
                    new Limit(8, 0.45),
                    new Limit(8, 0.45),
                    appUi);
        }
    }

    /**
     * Each of the four APIs that lead people to Spark's own pages; for each replica, because links are made by the replica that is asked
     * for them. That is little beside what {@link Total} leaves of EMR's own 5 a second. Their quotas are not documented.
     *
     * @param burst how many calls may be made at once
     * @param perSecond how many calls a second come back
     */
    public record AppUi(
            @DefaultValue("3") @Min(1) int burst,
            @DefaultValue("0.1") @DecimalMin("0.001") double perSecond) {}

    /**
     * One API.
     *
     * @param burst how many calls may be made at once (EMR's default is 10)
     * @param perSecond how many calls a second come back (EMR's default is 0.5)
     */
    public record Limit(
            @DefaultValue("8") @Min(1) int burst,
            @DefaultValue("0.45") @DecimalMin("0.001") double perSecond) {}

    /**
     * All APIs together.
     *
     * @param burst how many calls may be made at once (EMR's default is 25)
     * @param perSecond how many calls a second come back (EMR's default is 5)
     */
    public record Total(
            @DefaultValue("20") @Min(1) int burst,
            @DefaultValue("4.5") @DecimalMin("0.001") double perSecond) {}

    /** @param queueUrl of the SQS queue with EventBridge's events of the clusters; absent: state comes by polling alone */
    public record Events(@Nullable String queueUrl) {}

    /** After this long a call that was signed under an intent can no longer reach EMR. */
    public Duration settle() {
        return callDeadline.plus(signatureLifetime).plus(clockMargin);
    }
}
