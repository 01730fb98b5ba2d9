package io.slipway.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.MutableClock;
import io.slipway.artifacts.Home;
import io.slipway.compute.LogRefused;
import io.slipway.compute.LogStream;
import io.slipway.compute.MeasuredStream;
import io.slipway.compute.RunStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.zip.ZipException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A compressed log is unpacked once, shows how far it is, and can be read from meanwhile. */
class InflatedLogsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final MutableClock clock = new MutableClock(Instant.parse("2030-01-02T03:04:05Z"));
    private final Semaphore halves = new Semaphore(0);
    private int opened;
    private String revision = "one";
    private InflatedLogs logs;

    @BeforeEach
    void make() throws IOException {
        logs = new InflatedLogs(new Home(folder), clock);
    }

    @AfterEach
    void end() {
        halves.release(100);
        logs.destroy();
    }

    @Test
    void showsHowFarItIsAndWhatIsThereAlready() throws IOException {
        halves.release();
        LogBytes log = logs.of("key", compressed());

        assertThat(log.progress()).isEqualTo(0.5);
        assertThat(text(log)).isEqualTo("first\n");

        halves.release();
        await().atMost(SOON).untilAsserted(() -> assertThat(log.progress()).isEqualTo(1));
        assertThat(text(log)).isEqualTo("first\nsecond\n");
    }

    @Test
    void unpacksItAgainOnlyWhenThereMayBeMore() throws IOException {
        halves.release(2);
        LogBytes log = logs.of("key", compressed());
        await().atMost(SOON).untilAsserted(() -> assertThat(log.progress()).isEqualTo(1));
        clock.advance(Duration.ofHours(1));
        logs.of("key", compressed());
        assertThat(opened).isEqualTo(1);

        revision = "two";
        halves.release(2);
        logs.of("key", compressed());
        await().atMost(SOON).untilAsserted(() -> assertThat(opened).isEqualTo(2));
    }

    @Test
    void tellsWhyItsPlaceDoesNotGiveIt() throws IOException {
        LogBytes log = whenInflated(new Given("", new LogRefused("S3 refused to give this log: AccessDenied.", null)));
        assertThat(log.trouble()).isEqualTo("S3 refused to give this log: AccessDenied.");
        assertThat(log.size()).isZero();
        assertThat(log.progress()).isEqualTo(1);
    }

    @Test
    void tellsThatItBrokeOffAndKeepsWhatCameBefore() throws IOException {
        LogBytes log = whenInflated(new Given("first\n", new ZipException("invalid stored block lengths")));
        assertThat(log.trouble()).isEqualTo("Its compressed file is damaged.");
        assertThat(text(log)).isEqualTo("first\n");
    }

    @Test
    void readsWhatIsDamagedOnceAndTriesAgainWhatWasRefused() throws IOException {
        Given damaged = new Given("first\n", new ZipException("invalid stored block lengths"));
        Given refused = new Given("first\n", new LogRefused("S3 does not answer.", null));
        whenInflated(damaged);
        logs.of("refused", refused).await(SOON);
        clock.advance(Duration.ofMinutes(1));
        refused.failure = null;
        logs.of("given", damaged).await(SOON);
        LogBytes log = logs.of("refused", refused);
        log.await(SOON);
        assertThat(damaged.opened).isEqualTo(1);
        assertThat(refused.opened).isEqualTo(2);
        assertThat(log.trouble()).isNull();
        assertThat(text(log)).isEqualTo("first\n");
    }

    @Test
    void tellsNothingOfThePlaceThatAReaderNeedNotKnow() throws IOException {
        assertThat(whenInflated(new Given("", new IOException("/secret/place refused by 10.0.0.1")))
                        .trouble())
                .doesNotContain("secret")
                .doesNotContain("10.0.0.1");
    }

    @Test
    void tellsWhatItCutOff() throws IOException {
        logs = new InflatedLogs(new Home(folder), clock, 8);
        LogBytes log = whenInflated(new Given("first\nsecond\n", null));
        assertThat(log.isCut()).isTrue();
        assertThat(log.trouble()).contains("too long").contains("the download has all of it");
        assertThat(text(log)).isEqualTo("first\nse");

        LogBytes fits = logs.of("fits", new Given("12345678", null));
        fits.await(SOON);
        assertThat(fits.isCut()).isFalse();
        assertThat(fits.trouble()).isNull();
    }

    private LogBytes whenInflated(RunStream stream) throws IOException {
        LogBytes log = logs.of("given", stream);
        log.await(SOON);
        return log;
    }

    /** A text, and how reading it ends. */
    private static final class Given implements RunStream {

        private final byte[] text;
        private IOException failure;
        private int opened;

        Given(String text, IOException failure) {
            this.text = text.getBytes(StandardCharsets.UTF_8);
            this.failure = failure;
        }

        @Override
        public LogStream id() {
            return LogStream.STDOUT;
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.empty();
        }

        @Override
        public String revision() {
            return "one";
        }

        @Override
        public InputStream open(long offset) {
            opened++;
            InputStream all = new ByteArrayInputStream(text, (int) offset, text.length - (int) offset);
            return new FilterInputStream(all) {
                @Override
                public int read(byte[] buffer, int from, int length) throws IOException {
                    int read = super.read(buffer, from, length);
                    if (read < 0 && failure != null) {
                        throw failure;
                    }
                    return read;
                }
            };
        }
    }

    private static String text(LogBytes log) throws IOException {
        return new String(log.read(0, 100), StandardCharsets.UTF_8);
    }

    /** Each half of it comes when the test lets it. */
    private RunStream compressed() {
        return new RunStream() {
            @Override
            public LogStream id() {
                return LogStream.STDERR;
            }

            @Override
            public OptionalLong size() {
                return OptionalLong.empty();
            }

            @Override
            public String revision() {
                return revision;
            }

            @Override
            public InputStream open(long offset) {
                opened++;
                return new Halves(offset);
            }
        };
    }

    private final class Halves extends MeasuredStream {

        private int read;

        Halves(long offset) {
            this.read = offset == 0 ? 0 : 2;
        }

        @Override
        public double share() {
            return read / 2.0;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("it is read in pieces");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            halves.acquireUninterruptibly();
            if (read == 2) {
                halves.release();
                return -1;
            }
            byte[] piece = (read == 0 ? "first\n" : "second\n").getBytes(StandardCharsets.UTF_8);
            System.arraycopy(piece, 0, buffer, offset, piece.length);
            read++;
            if (read == 2) {
                halves.release();
            }
            return piece.length;
        }
    }
}
