package io.slipway.compute.emr.live;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.emr.launch.LiveLocations;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The folders of those runs that somebody looks at: one listing in a second and a half for each, however many look. */
final class LiveFolders {

    private static final Logger log = LoggerFactory.getLogger(LiveFolders.class);

    private static final Duration FRESH = Duration.ofMillis(1500);
    private static final Duration MARKED = Duration.ofSeconds(30);
    private static final int KEPT = 256;
    private static final int PAGES_A_LOOK = 5;

    private final S3Client s3;
    private final Clock clock;
    private final Map<URI, Folder> folders = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<URI, Folder> eldest) {
            return size() > KEPT;
        }
    };

    LiveFolders(S3Client s3, Clock clock) {
        this.s3 = s3;
        this.clock = clock;
    }

    private static final class Folder {
        private final LiveIndex index = new LiveIndex();
        private Instant listed = Instant.MIN;
        private Instant marked = Instant.MIN;
    }

    /** @param lastSign when the driver last put something there */
    record Look(SortedMap<LiveIndex.Stream, LiveIndex.Known> streams, Instant lastSign) {

        static final Look NOTHING = new Look(Collections.emptySortedMap(), Instant.MIN);
    }

    /** @param isWatched whether the driver is to know that somebody looks: it is quicker then */
    Look look(LiveLocations locations, boolean isWatched) {
        Folder folder;
        synchronized (folders) {
            folder = folders.computeIfAbsent(locations.folder(), uri -> new Folder());
        }
        synchronized (folder) {
            Instant now = clock.instant();
            if (!now.isBefore(folder.listed.plus(FRESH))) {
                list(locations.folder(), folder.index);
                folder.listed = now;
            }
            if (isWatched) {
                mark(locations.folder(), folder, now);
            }
            return new Look(folder.index.streams(), folder.index.lastSign());
        }
    }

    /** Has the driver know that somebody watches it. */
    void mark(LiveLocations locations) {
        Folder folder;
        synchronized (folders) {
            folder = folders.computeIfAbsent(locations.folder(), uri -> new Folder());
        }
        synchronized (folder) {
            mark(locations.folder(), folder, clock.instant());
        }
    }

    private void list(URI uri, LiveIndex index) {
        String prefix = key(uri) + "/";
        try {
            String token = null;
            for (int page = 0; page < PAGES_A_LOOK && !index.isFull(); page++) {
                String next = token;
                ListObjectsV2Response found = s3.listObjectsV2(request -> request.bucket(uri.getHost())
                        .prefix(prefix)
                        .startAfter(next == null && !index.last().isEmpty() ? index.last() : null)
                        .continuationToken(next));
                for (S3Object object : found.contents()) {
                    index.add(object, object.key().substring(prefix.length()));
                }
                token = found.nextContinuationToken();
                if (token == null) {
                    return;
                }
            }
        } catch (SdkException e) {
            throw new ComputeUnavailable("What runs print in " + uri + " cannot be listed.", e);
        }
    }

    private void mark(URI uri, Folder folder, Instant now) {
        if (now.isBefore(folder.marked.equals(Instant.MIN) ? Instant.MIN : folder.marked.plus(MARKED))) {
            return;
        }
        folder.marked = now;
        try {
            s3.putObject(
                    request -> request.bucket(uri.getHost()).key(key(uri) + "/watched"),
                    RequestBody.fromString(now.toString()));
        } catch (SdkException e) {
            log.debug("The marker that somebody watches {} was not written: {}", uri, e.getMessage());
        }
    }

    /** @return whether nothing is left */
    boolean delete(LiveLocations locations) {
        try {
            boolean isEmpty = delete(locations.folder()) & delete(locations.results());
            s3.deleteObject(request -> request.bucket(locations.end().getHost()).key(key(locations.end())));
            return isEmpty;
        } catch (SdkException e) {
            log.warn("What a run showed of itself in {} is not deleted yet: {}", locations.folder(), e.getMessage());
            return false;
        }
    }

    /** Some pages; whether there were no more. */
    private boolean delete(URI uri) {
        for (int page = 0; page < PAGES_A_LOOK; page++) {
            ListObjectsV2Response found =
                    s3.listObjectsV2(request -> request.bucket(uri.getHost()).prefix(key(uri) + "/"));
            List<ObjectIdentifier> keys = found.contents().stream()
                    .map(object -> ObjectIdentifier.builder().key(object.key()).build())
                    .toList();
            if (!keys.isEmpty()) {
                s3.deleteObjects(request -> request.bucket(uri.getHost())
                        .delete(Delete.builder().objects(keys).quiet(true).build()));
            }
            if (found.nextContinuationToken() == null) {
                return true;
            }
        }
        return false;
    }

    static String key(URI uri) {
        return uri.getPath().substring(1);
    }
}
