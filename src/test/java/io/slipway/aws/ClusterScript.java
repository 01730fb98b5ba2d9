package io.slipway.aws;

import java.time.Duration;

/**
 * How a cluster that is made by RunJobFlow behaves.
 *
 * @param boots from acceptance to WAITING, or to the failure
 * @param failureCode as {@code StateChangeReason.Code} tells it; {@code null} for a cluster that becomes ready
 * @param failure what EMR says of it
 * @param refusal why the call itself is refused; {@code null} when it is not
 */
public record ClusterScript(Duration boots, String failureCode, String failure, String refusal) {

    public static ClusterScript readyAfter(Duration boots) {
        return new ClusterScript(boots, null, null, null);
    }

    /** A bootstrap action that exits with another status than 0 on the primary node (field-facts, section 2). */
    public static ClusterScript bootstrapFails(Duration boots) {
        return new ClusterScript(
                boots,
                "BOOTSTRAP_FAILURE",
                "On the master instance (i-0abc), bootstrap action 1 returned a non-zero return code",
                null);
    }

    public static ClusterScript noCapacity(Duration boots) {
        return new ClusterScript(
                boots,
                "INSTANCE_FAILURE",
                "There is no capacity for the instance type m7g.xlarge in the requested availability zone.",
                null);
    }

    public static ClusterScript refused(String why) {
        return new ClusterScript(Duration.ZERO, null, null, why);
    }
}
