package io.slipway.compute.emr.live;

import io.slipway.compute.ClusterEventSource;
import io.slipway.compute.emr.launch.LiveLocations;
import io.slipway.jobs.SubmissionKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Drivers that say that their programs have ended. It is taken for a reason to look at that very run and for nothing else: EMR tells how
 * a run ended. An end is told again until the table has EMR's word, and is deleted then; so is what belongs to no run, whoever wrote it.
 */
public final class LiveEnds implements ClusterEventSource {

    private static final Logger log = LoggerFactory.getLogger(LiveEnds.class);

    private static final Duration PACE = Duration.ofSeconds(2);
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(30);

    /** A step ends some seconds after its driver, and some later still where YARN is busy. */
    private static final List<Duration> LOOKS = List.of(
            Duration.ZERO,
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofSeconds(80));

    private static final Duration LATER_LOOKS = Duration.ofMinutes(2);

    /** What the driver's side puts behind the key of a run whose program has begun. */
    private static final String STARTED = ".started";

    private static final int KEYS_A_PAGE = 1000;
    private static final int PAGES_A_LOOK = 5;

    /** A table that was put back, or another installation, may know the run. */
    private static final Duration UNKNOWN_KEPT = Duration.ofMinutes(5);

    private static final Pattern SUBMISSION_KEY = Pattern.compile("[0-9A-Z]{26}-\\d{1,6}(\\.\\d{1,6})?");

    private final Supplier<@Nullable S3Client> s3;
    private final LiveLocations anyRun;
    private final Predicate<Set<String>> haveLiveDrivers;
    private final Runs runs;
    private final Clock clock;

    /** The ends of live runs that were reported, and how often; bounded by how many live runs there are. */
    private final Map<String, Seen> seen = new HashMap<>();

    /** Told for good: nothing is to be confirmed of a program that has begun. */
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    private String behind = "";

    private boolean isTroubled;

    /** Whether anything lay there by the last look. */
    private boolean hasSomething;

    /** The table's word on runs. */
    public interface Runs {
        /** Those of the keys whose runs have not ended, and their clusters' configured names. */
        Map<String, String> clustersOfLive(Collection<String> submissionKeys);
    }

    /**
     * @param s3 {@code null} while there is no cluster on EMR
     * @param anyRun tells where ends lie
     * @param haveLiveDrivers whether there is a cluster among them whose drivers tell their ends
     */
    public LiveEnds(
            Supplier<@Nullable S3Client> s3,
            LiveLocations anyRun,
            Predicate<Set<String>> haveLiveDrivers,
            Runs runs,
            Clock clock) {
        this.s3 = s3;
        this.anyRun = anyRun;
        this.haveLiveDrivers = haveLiveDrivers;
        this.runs = runs;
        this.clock = clock;
    }

    private static final class Seen {
        private int looks;
        private Instant next;

        Seen(Instant first) {
            this.next = first;
        }

        boolean isDue(Instant now) {
            if (now.isBefore(next)) {
                return false;
            }
            looks++;
            next = now.plus(looks < LOOKS.size() ? LOOKS.get(looks).minus(LOOKS.get(looks - 1)) : LATER_LOOKS);
            return true;
        }
    }

    /** Also of runs that have just ended: what they left is still to be deleted. */
    @Override
    public boolean mayHaveNews(Set<String> busyClusters) {
        return hasSomething || haveLiveDrivers.test(busyClusters);
    }

    @Override
    public void poll(Function<ClusterEvent, CompletableFuture<Void>> handler) throws InterruptedException {
        S3Client client = s3.get();
        if (client == null) {
            TimeUnit.MILLISECONDS.sleep(PACE.toMillis());
            return;
        }
        try {
            look(client, handler);
            isTroubled = false;
            TimeUnit.MILLISECONDS.sleep(PACE.toMillis());
        } catch (SdkException | DataAccessException e) {
            if (isTroubled) {
                log.debug("The ends that drivers report are still not read: {}", e.getMessage());
            } else {
                log.warn(
                        "The ends that drivers report in {} cannot be read now; polling goes on without: {}",
                        folder(),
                        e.getMessage());
            }
            isTroubled = true;
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_TROUBLE.toMillis());
        }
    }

    /** Some pages, and the next ones another time: whatever somebody puts there, all of it has its turn. */
    public void look(S3Client client, Function<ClusterEvent, CompletableFuture<Void>> handler) {
        boolean found = false;
        for (int page = 0; page < PAGES_A_LOOK; page++) {
            found |= lookAtPage(client, handler);
            if (behind.isEmpty()) {
                break;
            }
        }
        hasSomething = found || !behind.isEmpty();
    }

    /** Whether there was anything. */
    private boolean lookAtPage(S3Client client, Function<ClusterEvent, CompletableFuture<Void>> handler) {
        String prefix = folder();
        String from = behind;
        ListObjectsV2Response page =
                client.listObjectsV2(request -> request.bucket(anyRun.end().getHost())
                        .prefix(prefix)
                        .maxKeys(KEYS_A_PAGE)
                        .startAfter(from.isEmpty() ? null : from));
        Map<String, S3Object> found = new HashMap<>();
        page.contents().forEach(object -> found.put(object.key().substring(prefix.length()), object));
        List<String> keys = found.keySet().stream()
                .map(LiveEnds::keyIn)
                .filter(LiveEnds::isKey)
                .distinct()
                .sorted()
                .toList();
        Map<String, String> live = keys.isEmpty() ? Map.of() : runs.clustersOfLive(keys);
        new TreeMap<>(live).forEach((key, cluster) -> {
            if (found.containsKey(key)) {
                deliver(key, ClusterEvent.endOfProgram(cluster, new SubmissionKey(key)), handler);
            } else {
                deliver(key + STARTED, ClusterEvent.startOfProgram(cluster, new SubmissionKey(key)), handler);
            }
        });
        delete(
                client,
                found.entrySet().stream()
                        .filter(one -> !live.containsKey(keyIn(one.getKey())) && isOver(one.getKey(), one.getValue())
                                || taken.contains(one.getKey()))
                        .map(Map.Entry::getKey)
                        .toList());
        boolean isMore = Boolean.TRUE.equals(page.isTruncated());
        behind = isMore ? page.contents().get(page.contents().size() - 1).key() : "";
        return !found.isEmpty();
    }

    /** Of the run that an object is about. */
    private static String keyIn(String name) {
        return name.endsWith(STARTED) ? name.substring(0, name.length() - STARTED.length()) : name;
    }

    private static boolean isKey(String name) {
        return SUBMISSION_KEY.matcher(name).matches();
    }

    /** Whether it may go: its run has ended, there is none, or it is no key of a run at all. */
    private boolean isOver(String name, S3Object object) {
        return !isKey(keyIn(name))
                || seen.containsKey(keyIn(name))
                || object.lastModified().isBefore(clock.instant().minus(UNKNOWN_KEPT));
    }

    private void deliver(String key, ClusterEvent event, Function<ClusterEvent, CompletableFuture<Void>> handler) {
        Instant now = clock.instant();
        if (seen.computeIfAbsent(key, name -> new Seen(now)).isDue(now)) {
            handler.apply(event).whenComplete((done, failure) -> {
                if (failure != null) {
                    log.debug("{} is reported again later: {}", key, failure.getMessage());
                } else if (key.endsWith(STARTED)) {
                    taken.add(key);
                }
            });
        }
    }

    private void delete(S3Client client, List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        String prefix = folder();
        List<ObjectIdentifier> keys = new ArrayList<>();
        names.forEach(
                name -> keys.add(ObjectIdentifier.builder().key(prefix + name).build()));
        client.deleteObjects(request -> request.bucket(anyRun.end().getHost())
                .delete(Delete.builder().objects(keys).quiet(true).build()));
        names.forEach(seen::remove);
        names.forEach(taken::remove);
    }

    private String folder() {
        String key = LiveFolders.key(anyRun.end());
        return key.substring(0, key.lastIndexOf('/') + 1);
    }
}
