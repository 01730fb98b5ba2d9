package io.slipway.compute.emr;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A step's logs in S3. EMR copies them there every five minutes or so and cuts long ones by the hour ({@code stderr.2016-03-03-17.gz}),
 * so the folder is listed; the names are never guessed.
 */
final class StepLogs {

    private static final Pattern FILE =
            Pattern.compile("(controller|syslog|stderr|stdout)(?:\\.([0-9][0-9-]*))?(?:\\.gz)?");

    /** After every hour stamp: what has none is the hour that was last written to. */
    private static final String LATEST = "~";

    private final S3Client s3;

    StepLogs(S3Client s3) {
        this.s3 = s3;
    }

    List<RunStream> of(String bucket, String prefix) {
        Map<String, TreeMap<String, String>> parts = new TreeMap<>();
        for (S3Object object : list(bucket, prefix)) {
            Matcher matcher = FILE.matcher(object.key().substring(prefix.length()));
            if (matcher.matches()) {
                String stamp = matcher.group(2) == null ? LATEST : matcher.group(2);
                parts.computeIfAbsent(matcher.group(1), name -> new TreeMap<>()).put(stamp, object.key());
            }
        }
        List<RunStream> streams = new ArrayList<>();
        parts.forEach((name, keys) -> streams.add(new S3LogStream(s3, name, bucket, List.copyOf(keys.values()))));
        return streams;
    }

    private List<S3Object> list(String bucket, String prefix) {
        try {
            return s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix)).contents().stream()
                    .toList();
        } catch (SdkException e) {
            throw new ComputeUnavailable("The logs in s3://" + bucket + "/" + prefix + " cannot be listed.", e);
        }
    }
}
