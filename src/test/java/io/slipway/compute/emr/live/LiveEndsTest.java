package io.slipway.compute.emr.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.artifacts.MemoryArtifacts;
import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedS3;
import io.slipway.compute.ClusterEventSource.Hint;
import io.slipway.compute.emr.launch.LivePlaces;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
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
    private final List<Hint> told = new ArrayList<>();
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
                LivePlaces.of(new MemoryArtifacts(), new SubmissionKey("any")),
                () -> List.of("a", "b"),
                clock);
    }

    @AfterEach
    void stop() {
        client.close();
        s3.close();
    }

    @Test
    void anEndIsAReasonToLookAtItsRunOnEachClusterUntilEmrHasHadTimeToConfirmIt() {
        put(KEY);

        look();
        assertThat(told)
                .containsExactly(
                        new Hint("a", new SubmissionKey(KEY), null, null),
                        new Hint("b", new SubmissionKey(KEY), null, null));
        look();
        assertThat(told).as("not again at once").hasSize(2);
        for (int i = 0; i < 60; i++) {
            clock.advance(Duration.ofSeconds(2));
            look();
        }
        assertThat(told).hasSize(12);
        assertThat(s3.keys("my-bucket")).isEmpty();
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
    void thousandsOfForeignKeysHideNoEnd() {
        IntStream.range(0, 2000).forEach(n -> put("00J%023d-1".formatted(n)));
        put(KEY);

        for (int page = 0; page < 5; page++) {
            look();
        }

        assertThat(told).contains(new Hint("a", new SubmissionKey(KEY), null, null));
    }

    private void put(String name) {
        s3.put("my-bucket", FOLDER + name, "{}".getBytes(UTF_8));
    }

    private void look() {
        ends.look(client, hint -> {
            told.add(hint);
            return CompletableFuture.completedFuture(null);
        });
    }
}
