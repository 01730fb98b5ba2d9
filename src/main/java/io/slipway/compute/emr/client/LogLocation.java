package io.slipway.compute.emr.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a cluster writes its logs.
 *
 * @param prefix empty, or with a slash at its end
 */
public record LogLocation(String bucket, String prefix) {

    // Old clusters name their log folder by a Hadoop file system of the past.
    private static final Pattern URI = Pattern.compile("s3[an]?://([^/]+)/?(.*)");

    /** The location that a cluster's LogUri names; {@code null} when it is none in S3. */
    public static @Nullable LogLocation parse(String logUri) {
        Matcher matcher = URI.matcher(logUri.strip());
        if (!matcher.matches()) {
            return null;
        }
        String path = matcher.group(2);
        return new LogLocation(matcher.group(1), path.isEmpty() || path.endsWith("/") ? path : path + "/");
    }

    /** The folder of the containers of one YARN application, with a slash at its end. */
    public String ofApplication(String clusterId, String applicationId) {
        return prefix + clusterId + "/containers/" + applicationId + "/";
    }

    /** The folder of what a bootstrap action printed on one node, with a slash at its end. */
    public String ofBootstrapAction(String clusterId, String instanceId, int number) {
        return prefix + clusterId + "/node/" + instanceId + "/bootstrap-actions/" + number + "/";
    }

    /** The folder of one step's logs, with a slash at its end. */
    public String ofStep(String clusterId, String stepId) {
        return prefix + clusterId + "/steps/" + stepId + "/";
    }
}
