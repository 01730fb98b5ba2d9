package io.slipway.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.artifacts.Home;
import io.slipway.compute.Clusters;
import io.slipway.compute.FakeCompute;
import io.slipway.compute.LogStream;
import io.slipway.compute.ProvisionalStream;
import io.slipway.compute.RunStream;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobFixtures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who follows a log goes on in what the cluster has shipped of it, where the bytes stand that the driver has shown before. */
class FollowedLogTest {

    @TempDir
    private Path folder;

    private final MutableClock clock = new MutableClock(JobFixtures.NOW);
    private final FakeCompute cluster = new FakeCompute("fake", 1, Duration.ZERO, clock);
    private final Job job = JobFixtures.aRunningJob();
    private InflatedLogs inflated;
    private FollowedLog followed;

    @BeforeEach
    void follow() throws IOException {
        inflated = new InflatedLogs(new Home(folder), clock);
        JobLogs logs = new JobLogs(Clusters.of(List.of(cluster)), inflated);
        cluster.prints(List.of(shown("one\n", 4)));
        followed = logs.follow(job, OptionalInt.empty(), LogStream.STDOUT, 0);
    }

    @AfterEach
    void stop() {
        inflated.destroy();
    }

    @Test
    void whatIsShippedGoesOnWhereTheDriverHasStopped() {
        assertThat(next()).isEqualTo("one\n");

        cluster.prints(List.of(shipped("one\ntwo\n")));

        assertThat(next()).isEqualTo("two\n");
        assertThat(followed.offset()).isEqualTo(8);
    }

    /** Once, and only of what was handed out here. */
    @ParameterizedTest
    @CsvSource({"uno%ntwo%n, two", "on, ''"})
    void otherBytesThanWereShownAreTold(String shipped, String rest) {
        assertThat(next()).isEqualTo("one\n");

        cluster.prints(List.of(shipped(shipped.formatted())));

        assertThat(next()).contains("differs from what was shown above");
        assertThat(next().strip()).isEqualTo(rest);
    }

    @Test
    void whatIsBetweenTheBeginningAndTheEndOfALongLogIsSaidOnce() {
        cluster.prints(List.of(shown("one\n..........last\n", 14)));

        assertThat(next()).isEqualTo("one\n");
        assertThat(next()).contains("[10 bytes of this log are not shown here");
        assertThat(next()).isEqualTo("last\n");

        cluster.prints(List.of(shipped("one\n0123456789last\nmore\n")));
        assertThat(next()).isEqualTo("more\n");
    }

    private String next() {
        return new String(followed.next(job, clock.instant()).bytes(), UTF_8);
    }

    /** @param known where those bytes begin that are known again behind the fourth */
    private static RunStream shown(String text, int known) {
        return new Shown(new Shipped(text), known);
    }

    private static RunStream shipped(String text) {
        return new Shipped(text);
    }

    /** As a compressed log that was shipped. */
    private record Shipped(String text) implements RunStream {

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
            return text;
        }

        @Override
        public InputStream open(long offset) {
            return open(offset, text.length());
        }

        InputStream open(long offset, int to) {
            int from = (int) Math.min(offset, to);
            return new ByteArrayInputStream(text.getBytes(UTF_8), from, to - from);
        }
    }

    /** As a driver's own. */
    private record Shown(Shipped all, int known) implements ProvisionalStream {

        @Override
        public LogStream id() {
            return all.id();
        }

        @Override
        public OptionalLong size() {
            return OptionalLong.of(all.text().length());
        }

        @Override
        public long afterGap(long offset) {
            return offset >= 4 && offset < known ? known : offset;
        }

        @Override
        public InputStream open(long offset) {
            return all.open(offset, offset < 4 ? 4 : all.text().length());
        }
    }
}
