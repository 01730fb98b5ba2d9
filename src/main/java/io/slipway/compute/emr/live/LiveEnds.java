package io.slipway.compute.emr.live;

import io.slipway.compute.ClusterEventSource;
import io.slipway.compute.emr.launch.LivePlaces;
import io.slipway.jobs.SubmissionKey;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Drivers that say that their programs have ended. It is taken for a reason to look at that very run and for nothing else: EMR tells how
 * a run ended. An end is told again until EMR has had time to confirm it, and is deleted then, whoever wrote it.
 */
public final class LiveEnds implements ClusterEventSource {

    private static final Logger log = LoggerFactory.getLogger(LiveEnds.class);

    private static final Duration PACE = Duration.ofSeconds(2);
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(30);

    /** A step ends some seconds after its driver, and some later still where YARN is busy. */
    private static final List<Duration> LOOKS = List.of(
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofSeconds(80));

    private static final int KEYS_A_PAGE = 500;
    private static final Pattern SUBMISSION_KEY = Pattern.compile("[0-9A-Z]{26}-\\d{1,6}(\\.\\d{1,6})?");

    private final Supplier<@Nullable S3Client> s3;
    private final LivePlaces anyRun;
    private final Supplier<List<String>> clusters;
    private final Clock clock;

    /** Those of the last pages that are told again. */
    private final Map<String, Seen> seen = new HashMap<>();

    private String behind = "";

    /**
     * @param s3 {@code null} while there is no cluster on EMR
     * @param anyRun tells where ends lie
     * @param clusters the configured names of those whose runs they may be of
     */
    public LiveEnds(Supplier<@Nullable S3Client> s3, LivePlaces anyRun, Supplier<List<String>> clusters, Clock clock) {
        this.s3 = s3;
        this.anyRun = anyRun;
        this.clusters = clusters;
        this.clock = clock;
    }

    private static final class Seen {
        private final Instant first;
        private int looks;

        Seen(Instant first) {
            this.first = first;
        }
    }

    @Override
    public void poll(Function<Hint, CompletableFuture<Void>> handler) throws InterruptedException {
        S3Client client = s3.get();
        if (client == null || clusters.get().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(PACE.toMillis());
            return;
        }
        try {
            look(client, handler);
            TimeUnit.MILLISECONDS.sleep(PACE.toMillis());
        } catch (SdkException e) {
            log.warn(
                    "The ends that drivers tell in {} cannot be read; polling goes on without: {}",
                    folder(),
                    e.getMessage());
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_TROUBLE.toMillis());
        }
    }

    /** One page: whatever somebody puts there, all of it has its turn. */
    void look(S3Client client, Function<Hint, CompletableFuture<Void>> handler) {
        String bucket = anyRun.end().getHost();
        String prefix = folder();
        String from = behind;
        ListObjectsV2Response page = client.listObjectsV2(request ->
                request.bucket(bucket).prefix(prefix).maxKeys(KEYS_A_PAGE).startAfter(from.isEmpty() ? null : from));
        Set<String> done = new HashSet<>();
        for (S3Object object : page.contents()) {
            if (tell(object.key().substring(prefix.length()), handler)) {
                done.add(object.key());
            }
            behind = object.key();
        }
        if (!Boolean.TRUE.equals(page.isTruncated())) {
            behind = "";
        }
        if (!done.isEmpty()) {
            List<ObjectIdentifier> keys = done.stream()
                    .map(key -> ObjectIdentifier.builder().key(key).build())
                    .toList();
            client.deleteObjects(request -> request.bucket(bucket)
                    .delete(Delete.builder().objects(keys).quiet(true).build()));
            done.forEach(key -> seen.remove(key.substring(prefix.length())));
        }
    }

    /** Whether that is all that is to be done about it. */
    private boolean tell(String key, Function<Hint, CompletableFuture<Void>> handler) {
        if (!SUBMISSION_KEY.matcher(key).matches()) {
            return true;
        }
        Instant now = clock.instant();
        Seen end = seen.computeIfAbsent(key, name -> new Seen(now));
        if (end.looks == LOOKS.size()) {
            return true;
        }
        if (!now.isBefore(end.first.plus(LOOKS.get(end.looks)))) {
            end.looks++;
            for (String name : clusters.get()) {
                CompletableFuture<Void> looked = handler.apply(new Hint(name, new SubmissionKey(key), null, null));
                looked.whenComplete((done, failure) -> {
                    if (failure != null) {
                        log.debug("The end of {} is told again: {}", key, failure.getMessage());
                    }
                });
            }
        }
        return false;
    }

    private String folder() {
        URI one = anyRun.end();
        String key = LiveFolders.key(one);
        return key.substring(0, key.lastIndexOf('/') + 1);
    }
}
