package io.slipway.artifacts.s3;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Conditional;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The bucket that artifacts live in. Region, credentials and endpoint come from the SDK's own environment ({@code AWS_REGION}, the
 * credentials chain, {@code AWS_ENDPOINT_URL_S3}).
 *
 * @param bucket its name; absent or empty: artifacts are local files
 * @param prefix what all keys begin with; normalised to end with a slash and not to begin with one
 * @param pathStyle whether the bucket is in the path of a URL instead of its host name, as most S3-compatible stores need it
 * @param checksums when the SDK adds checksums of its own to what it sends and checks those of what it gets; absent: as the SDK's
 *     environment says, which is always unless {@code AWS_REQUEST_CHECKSUM_CALCULATION} and {@code AWS_RESPONSE_CHECKSUM_VALIDATION}
 *     say otherwise. S3-compatible stores that refuse them need {@code when-required}
 * @param multipartThreshold files of this size and more are sent in parts, at most 5 GB
 * @param partSize of each part, at least 5 MB; larger where a file would else have more than 10,000
 * @param transferTimeout for one attempt to send one part, or one file below the threshold
 * @param silence how long a call may go on without moving before it is given up; an upload of which S3 takes more and more goes on
 */
@ConfigurationProperties("slipway.artifacts.s3")
@Conditional(BucketIsSet.class)
@Validated
record S3Settings(
        @Pattern(
                regexp = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
                message = "must be the name of a bucket alone, without s3:// and without a path")
        String bucket,

        @DefaultValue("slipway/") String prefix,
        @DefaultValue("false") boolean pathStyle,
        @Nullable Checksums checksums,
        @DefaultValue("100MB") DataSize multipartThreshold,
        @DefaultValue("16MB") DataSize partSize,
        @DefaultValue("5m") Duration transferTimeout,
        @DefaultValue("10s") Duration silence) {

    private static final DataSize LARGEST_PUT = DataSize.ofGigabytes(5);
    private static final DataSize SMALLEST_PART = DataSize.ofMegabytes(5);
    private static final int MOST_PARTS = 10_000;

    S3Settings {
        prefix = normalised(prefix);
    }

    enum Checksums {
        WHEN_SUPPORTED,
        WHEN_REQUIRED
    }

    @AssertTrue(message = "multipart-threshold must be at most 5GB, which is all that S3 takes in one call")
    boolean isMultipartThresholdWithinS3sLimit() {
        return multipartThreshold.compareTo(LARGEST_PUT) <= 0;
    }

    @AssertTrue(message = "part-size must be from 5MB to 5GB, S3's own limits")
    boolean isPartSizeWithinS3sLimits() {
        return partSize.compareTo(SMALLEST_PART) >= 0 && partSize.compareTo(LARGEST_PUT) <= 0;
    }

    /** Of a file of the given size. */
    long partBytes(long fileBytes) {
        return Math.max(partSize.toBytes(), (fileBytes + MOST_PARTS - 1) / MOST_PARTS);
    }

    private static String normalised(String prefix) {
        String trimmed = prefix.strip().replaceAll("^/+|/+$", "");
        return trimmed.isEmpty() ? "" : trimmed + "/";
    }
}
