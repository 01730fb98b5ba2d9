package io.slipway.compute.emr.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedS3;
import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.emr.launch.LiveLocations;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The ends that drivers tell, and those that anybody writes who may. */
class LiveEndsTest {

    private static final String FOLDER = "slipway/live-ends/default/";
    private static final String KEY = "01JH0000000000000000000001-1";

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));
    private static final byte[] JUNK = "{}".getBytes(UTF_8);

    /** When all that lies in the stand-in was written. */
    private static final Instant WRITTEN = Instant.parse("2030-01-01T00:00:00Z");

    private final Map<String, String> live = new HashMap<>();
    private final List<ClusterEvent> told = new ArrayList<>();
    private SimulatedS3 s3;
    private S3Client client;
    private LiveEnds ends;

    @BeforeEach
    void start() throws IOException {
        s3 = SimulatedS3.start().withBucket("my-bucket");
        client = S3Client.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.of(SimulatedS3.REGION))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .build();
        ends = new LiveEnds(
                () -> client,
                LiveLocations.of(new MemoryArtifacts(), new SubmissionKey("any")),
                busy -> busy.contains("a"),
                this::live,
                clock);
    }

    @AfterEach
    void stop() {
        client.close();
        s3.close();
    }

    @Test
    void anEndIsAReasonToLookAtItsRunUntilTheTableHasEmrsWord() {
        live.put(KEY, "a");
        put(KEY);

        look();
        assertThat(told).containsExactly(ClusterEvent.endOfProgram("a", new SubmissionKey(KEY)));
        look();
        assertThat(told).as("not again at once").hasSize(1);
        later(Duration.ofMinutes(10));
        assertThat(told).hasSizeBetween(6, 10);
        assertThat(s3.keys("my-bucket")).containsExactly(FOLDER + KEY);

        live.clear();
        look();
        assertThat(s3.keys("my-bucket")).isEmpty();
    }

    @Test
    void aStartIsToldOnceAndNothingIsLeftOfIt() {
        live.put(KEY, "a");
        put(KEY + ".started");

        look();
        look();

        assertThat(told).containsExactly(ClusterEvent.startOfProgram("a", new SubmissionKey(KEY)));
        assertThat(s3.keys("my-bucket")).isEmpty();
    }

    @Test
    void whoHasEndedNeedNotBeToldToHaveStarted() {
        live.put(KEY, "a");
        put(KEY);
        put(KEY + ".started");

        look();

        assertThat(told).containsExactly(ClusterEvent.endOfProgram("a", new SubmissionKey(KEY)));
        live.clear();
        look();
        assertThat(s3.keys("my-bucket")).isEmpty();
    }

    @Test
    void itRestsWhileNothingRunsAndNothingIsLeftToDelete() {
        assertThat(ends.mayHaveNews(Set.of())).isFalse();
        assertThat(ends.mayHaveNews(Set.of("a"))).isTrue();
        live.put(KEY, "a");
        put(KEY);
        look();

        live.clear();
        assertThat(ends.mayHaveNews(Set.of())).as("its end is not deleted yet").isTrue();
        look();
        look();
        assertThat(s3.keys("my-bucket")).isEmpty();
        assertThat(ends.mayHaveNews(Set.of())).isFalse();
    }

    @Test
    void whatIsNoKeyOfARunIsDeletedAndToldToNobody() {
        put("junk");
        put("../../x");

        look();

        assertThat(told).isEmpty();
        assertThat(s3.keys("my-bucket")).isEmpty();
    }

    @Test
    void anEndOfAnUnknownRunIsToldToNobodyAndDeletedAfterSomeMinutes() {
        put(KEY);
        look();
        assertThat(s3.keys("my-bucket")).hasSize(1);

        clock.advance(Duration.between(clock.instant(), WRITTEN).plusMinutes(6));
        look();

        assertThat(told).isEmpty();
        assertThat(s3.keys("my-bucket")).isEmpty();
    }

    @Test
    void aHundredThousandForeignKeysHideNoEnd() {
        for (int n = 0; n < 100_000; n++) {
            s3.put("my-bucket", FOLDER + "00J%023d-1".formatted(n), JUNK);
        }
        live.put(KEY, "a");
        put(KEY);

        look();
        assertThat(s3.calls().size()).as("of one look").isLessThanOrEqualTo(5);
        for (int turn = 0; turn < 25 && told.isEmpty(); turn++) {
            look();
        }

        assertThat(told).containsExactly(ClusterEvent.endOfProgram("a", new SubmissionKey(KEY)));
    }

    private void later(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusSeconds(2)) {
            clock.advance(Duration.ofSeconds(2));
            look();
        }
    }

    private Map<String, String> live(Collection<String> keys) {
        Map<String, String> known = new HashMap<>(live);
        known.keySet().retainAll(keys);
        return known;
    }

    private void put(String name) {
        s3.put("my-bucket", FOLDER + name, "{}".getBytes(UTF_8));
    }

    private void look() {
        ends.look(client, event -> {
            told.add(event);
            return CompletableFuture.completedFuture(null);
        });
    }
}
