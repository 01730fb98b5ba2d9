package io.slipway.compute.emr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.compute.LogStream;
import io.slipway.compute.ProvisionalStream;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunStream;
import io.slipway.compute.emr.launch.LiveLocations;
import io.slipway.compute.emr.live.LiveChannel;
import io.slipway.compute.emr.live.LiveOutput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a driver has put under {@code live/} while it runs, as streams beside those that EMR ships. */
class LiveOutputTest {

    private EmrFixture fixture;
    private RunOrder order;
    private String folder;

    @BeforeEach
    void start() throws IOException {
        fixture = EmrFixture.live();
        fixture.s3.withBucket("my-bucket");
        fixture.compute.executor().observe(List.of());
        order = fixture.order("job");
        order = new RunOrder(EmrFixture.known(order, fixture.start(order)), order.jobName(), order.plan());
        folder = "slipway/live/default/" + order.run().submissionKey() + "/";
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void piecesAreStreamsOfKnownSizeThatCanBeReadFromAnyByte() throws IOException {
        put("01/00000000-stdout-0000000000000000-4-stderr-0000000000000000-3", "one\nlog");
        put("01/00000001-stdout-0000000000000004-4", "two\n");
        put("01/progress.json", "{}");

        assertThat(streams()).extracting(stream -> stream.id().toString()).containsExactly("stdout", "spark");
        RunStream stdout = streams().get(0);
        assertThat(stdout.size()).hasValue(8);
        assertThat(read(stdout, 0)).isEqualTo("one\ntwo\n");
        assertThat(read(stdout, 2)).isEqualTo("e\ntwo\n");
        assertThat(read(stdout, 8)).isEmpty();
        assertThat(read(streams().get(1), 0)).isEqualTo("log");
    }

    @Test
    void newPiecesAreSeenByAListingThatGoesOnWhereTheLastOneEnded() throws IOException {
        put("01/00000000-stdout-0000000000000000-4", "one\n");
        assertThat(streams()).hasSize(1);
        put("01/00000001-stdout-0000000000000004-4", "two\n");

        assertThat(read(streams().get(0), 0)).as("within a second and a half").isEqualTo("one\n");
        fixture.clock.advance(Duration.ofSeconds(2));
        assertThat(read(streams().get(0), 0)).isEqualTo("one\ntwo\n");
    }

    @Test
    void aSecondAttemptOfTheApplicationIsAStreamOfItsOwn() throws IOException {
        put("01/00000000-stdout-0000000000000000-4", "one\n");
        put("02/00000000-stdout-0000000000000000-6", "again\n");

        assertThat(streams())
                .extracting(stream -> stream.id().toString())
                .containsExactly("stdout", "attempt-2-stdout");
    }

    /** What lies there is a stranger's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "01/00000001-stdout-0000000000000005-4",
                "01/00000001-stdout-0000000000000004-5",
                "01/00000001-stdout-0000000000000004-2-stdout-0000000000000006-2",
                "01/00000001-stdout-9999999999999999-9999999",
                "01/00000001-../../etc/passwd-0000000000000004-4",
                "01/00000001",
                "1/00000001-stdout-0000000000000004-4",
            })
    void whatDoesNotFollowOrIsNotWhatItsNameSaysIsLeftOut(String name) throws IOException {
        put("01/00000000-stdout-0000000000000000-4", "one\n");
        put(name, "two\n");

        assertThat(read(streams().get(0), 0)).isEqualTo("one\n");
    }

    @Test
    void ofALongStreamItsEndIsReadAtItsOwnOffsetsAndWhatIsMissingIsSaid() throws IOException {
        put("01/00000000-stdout-0000000000000000-4", "one\n");
        put("01/tail-stdout", "%016d\n".formatted(5000) + "last line\n");

        ProvisionalStream stdout = (ProvisionalStream) streams().get(0);
        assertThat(stdout.size()).hasValue(5010);
        assertThat(read(stdout, 5005)).isEqualTo("line\n");
        assertThat(read(stdout, 5010)).isEmpty();
        String all = read(stdout, 0);
        assertThat(all)
                .hasSize(5010)
                .startsWith("one\n[not shown while the job runs")
                .endsWith("\nlast line\n");
        assertThat(all.lines().skip(1)).allSatisfy(line -> assertThat(line).hasSizeLessThan(1024));
        assertThat(read(stdout, 2000)).isEqualTo(all.substring(2000));
        assertThat(stdout.note()).contains("the last 64 KB are here");
        assertThat(stdout.afterGap(4)).isEqualTo(5000);
        assertThat(stdout.afterGap(5003)).isEqualTo(5003);

        put("01/tail-stdout", "%016d\n".formatted(6000) + "later\n");
        fixture.clock.advance(Duration.ofSeconds(2));
        assertThat(read(streams().get(0), 6000)).isEqualTo("later\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000\none\n",
                "00000000000000000\nx",
                "9999999999999999\nx",
                "5000\nx",
                "-000000000005000\nx",
                ""
            })
    void anEndThatIsNoneIsLeftOut(String content) throws IOException {
        put("01/00000000-stdout-0000000000000000-4", "one\n");
        put("01/tail-stdout", content);

        assertThat(streams().get(0).size()).hasValue(4);
        assertThat(read(streams().get(0), 0)).isEqualTo("one\n");
    }

    @Test
    void anEndThatBeginsInWhatIsShownGoesOnBehindIt() throws IOException {
        put("01/00000000-stdout-0000000000000000-4", "one\n");
        put("01/tail-stdout", "%016d\n".formatted(2) + "e\ntwo\n");

        assertThat(read(streams().get(0), 0)).isEqualTo("one\ntwo\n");
    }

    /** Whose program goes on and whose live channel does not; the simulated S3 dates what the driver wrote. */
    @ParameterizedTest
    @CsvSource({"2030-01-01T00:10:00Z, shipped", "2030-01-01T00:01:00Z, one"})
    void aDriverThatShowsNothingMoreGoesOnInWhatIsShipped(Instant shippedAt, String read) throws IOException {
        put("01/00000000-stdout-0000000000000000-4", "one\n");
        LiveOutput output = LiveChannel.of(
                        fixture.clients(EmrFixture.SETTINGS, fixture.emr.endpoint(), fixture.s3.endpoint())
                                .logs(),
                        fixture.clock)
                .output();
        URI uri = URI.create("s3://my-bucket/" + folder.replaceAll("/$", ""));

        List<RunStream> streams = output.with(List.of(new Shipped(shippedAt)), new LiveLocations(uri, uri, uri), null);

        assertThat(read(streams.get(0), 0).strip()).isEqualTo(read);
    }

    private record Shipped(Instant at) implements RunStream {

        @Override
        public LogStream id() {
            return LogStream.STDOUT;
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.empty();
        }

        @Override
        public boolean isWhole(Instant endedAt) {
            return at.isAfter(endedAt);
        }

        @Override
        public InputStream open(long offset) {
            return new ByteArrayInputStream("shipped".getBytes(UTF_8));
        }
    }

    @Test
    void theDriverIsToldThatSomebodyWatchesAsLongAsItRuns() {
        streams();
        assertThat(fixture.s3.keys("my-bucket")).contains(folder + "watched");

        fixture.s3.forget("my-bucket", folder + "watched");
        fixture.clock.advance(Duration.ofMinutes(1));
        fixture.compute.output().streams(order, fixture.clock.instant());
        assertThat(fixture.s3.keys("my-bucket")).doesNotContain(folder + "watched");
    }

    @Test
    void aFolderThatCannotBeListedHidesNothingOfWhatWasShipped() {
        URI nowhere = URI.create("s3://no-such-bucket/slipway/live/default/x");
        LiveOutput output = LiveChannel.of(
                        fixture.clients(EmrFixture.SETTINGS, fixture.emr.endpoint(), fixture.s3.endpoint())
                                .logs(),
                        fixture.clock)
                .output();

        assertThat(output.with(List.of(), new LiveLocations(nowhere, nowhere, nowhere), null))
                .isEmpty();
    }

    @Test
    void aRunThatIsForgottenLeavesNothing() {
        put("01/00000000-stdout-0000000000000000-4", "one\n");
        fixture.s3.put("my-bucket", folder.replace("live/", "live-ends/").replaceAll("/$", ""), "{}".getBytes(UTF_8));
        streams();

        assertThat(fixture.compute.output().forget(order.run())).isTrue();

        assertThat(fixture.s3.keys("my-bucket")).isEmpty();
    }

    private List<RunStream> streams() {
        return fixture.compute.output().streams(order, null);
    }

    private void put(String name, String content) {
        fixture.s3.put("my-bucket", folder + name, content.getBytes(UTF_8));
    }

    private static String read(RunStream stream, long offset) throws IOException {
        try (InputStream in = stream.open(offset)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
