package io.slipway.compute.emr.logs;

import io.slipway.compute.ComputeUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Folders of logs in S3, by what a listing told not long ago: pages that follow a log ask every second, and EMR ships every five
 * minutes.
 */
final class LogFolders {

    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final Duration FRESH_EMPTY = Duration.ofSeconds(3);
    private static final int KEPT = 64;

    /** Of a folder with more, the first are shown: thousands of executors. */
    private static final int MOST_FILES = 5000;

    private final S3Client s3;
    private final Clock clock;
    private final Map<String, Listing> listings = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Listing> eldest) {
            return size() > KEPT;
        }
    };

    LogFolders(S3Client s3, Clock clock) {
        this.s3 = s3;
        this.clock = clock;
    }

    /**
     * One object of a folder.
     *
     * @param path behind the folder's own
     * @param etag another one when its content is another
     * @param changedAt when it was written last
     */
    record LogFile(String key, String path, long size, String etag, Instant changedAt) {}

    /** @param isCut whether the folder holds more */
    record Listing(Instant at, List<LogFile> files, boolean isCut) {}

    Listing list(String bucket, String folder) {
        String address = bucket + "/" + folder;
        Instant now = clock.instant();
        synchronized (listings) {
            Listing known = listings.get(address);
            if (known != null && now.isBefore(known.at().plus(known.files().isEmpty() ? FRESH_EMPTY : FRESH))) {
                return known;
            }
        }
        List<LogFile> files = ask(bucket, folder);
        boolean isCut = files.size() > MOST_FILES;
        Listing listing = new Listing(now, isCut ? files.subList(0, MOST_FILES) : files, isCut);
        synchronized (listings) {
            listings.put(address, listing);
        }
        return listing;
    }

    private List<LogFile> ask(String bucket, String folder) {
        try {
            return s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(folder)).contents().stream()
                    .limit(MOST_FILES + 1)
                    .map(object -> new LogFile(
                            object.key(),
                            object.key().substring(folder.length()),
                            object.size() == null ? 0 : object.size(),
                            String.valueOf(object.eTag()),
                            object.lastModified() == null ? Instant.MIN : object.lastModified()))
                    .toList();
        } catch (SdkException e) {
            throw new ComputeUnavailable("The logs in s3://" + bucket + "/" + folder + " cannot be listed.", e);
        }
    }
}
