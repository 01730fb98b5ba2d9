package io.slipway.provision.emr;

import io.slipway.compute.emr.client.LogLocation;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * What a bootstrap action printed that failed. EMR names the node and the action in its reason, and ships what they printed to the folder
 * of the cluster's logs, minutes later.
 *
 * @param folder with a slash at its end
 */
record BootstrapLog(String bucket, String folder) {

    private static final Logger log = LoggerFactory.getLogger(BootstrapLog.class);

    /** "On the master instance (i-0abc), bootstrap action 1 returned a non-zero return code" (field-facts, section 2). */
    private static final Pattern FAILED =
            Pattern.compile("\\((?:including )?(i-[0-9a-f]{1,32})[^)]{0,200}\\),? bootstrap action (\\d{1,3}) ");

    /** Errors first; a program that prints them to its standard output is read, too. */
    private static final List<String> NAMES = List.of("stderr.gz", "stderr", "stdout.gz", "stdout");

    /** Of one file, unpacked; more is not read for the sake of its last lines. */
    private static final int LONGEST = 8 << 20;

    private static final int LINES = 12;
    private static final int CHARACTERS = 1_200;

    /**
     * Empty when the reason is another, or the cluster has no log folder in S3.
     *
     * @param reason as EMR gives it
     */
    static Optional<BootstrapLog> of(String clusterId, @Nullable String logUri, @Nullable String reason) {
        LogLocation location = logUri == null ? null : LogLocation.parse(logUri);
        Matcher failed = FAILED.matcher(reason == null ? "" : reason);
        return location == null || !failed.find()
                ? Optional.empty()
                : Optional.of(new BootstrapLog(
                        location.bucket(),
                        location.ofBootstrapAction(clusterId, failed.group(1), Integer.parseInt(failed.group(2)))));
    }

    /** The last lines; empty when nothing was shipped yet, or it cannot be read. */
    Optional<String> end(S3Client s3) {
        for (String name : NAMES) {
            try {
                Optional<String> end = end(s3, name);
                if (end.isPresent()) {
                    return end;
                }
            } catch (NoSuchKeyException notShipped) {
                continue;
            } catch (SdkException | IOException unreadable) {
                log.debug("s3://{}/{}{} cannot be read: {}", bucket, folder, name, unreadable.toString());
            }
        }
        return Optional.empty();
    }

    private Optional<String> end(S3Client s3, String name) throws IOException {
        try (InputStream object = s3.getObject(request -> request.bucket(bucket).key(folder + name));
                InputStream in =
                        new BufferedInputStream(name.endsWith(".gz") ? new GZIPInputStream(object) : object, 1 << 16)) {
            String text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(lastLines(text));
        }
    }

    private static String lastLines(String text) {
        List<String> lines = text.lines().toList();
        String last = String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        return last.length() <= CHARACTERS ? last : "…" + last.substring(last.length() - CHARACTERS + 1);
    }
}
