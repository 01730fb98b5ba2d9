package io.slipway.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.artifacts.Home;
import io.slipway.compute.Clusters;
import io.slipway.compute.FakeCompute;
import io.slipway.compute.LogStream;
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
        cluster.prints(List.of(new Printed("one\n", true, 4)));
        followed = logs.follow(job, OptionalInt.empty(), LogStream.STDOUT, 0);
    }

    @AfterEach
    void stop() {
        inflated.destroy();
    }

    @Test
    void whatIsShippedGoesOnWhereTheDriverHasStopped() {
        assertThat(next()).isEqualTo("one\n");

        cluster.prints(List.of(new Printed("one\ntwo\n", false, 0)));

        assertThat(next()).isEqualTo("two\n");
        assertThat(followed.offset()).isEqualTo(8);
    }

    /** Once, and only of what was handed out here. */
    @ParameterizedTest
    @CsvSource({"uno%ntwo%n, two", "on, ''"})
    void otherBytesThanWereShownAreTold(String shipped, String rest) {
        assertThat(next()).isEqualTo("one\n");

        cluster.prints(List.of(new Printed(shipped.formatted(), false, 0)));

        assertThat(next()).contains("differs from what was shown above");
        assertThat(next().strip()).isEqualTo(rest);
    }

    @Test
    void whatIsBetweenTheBeginningAndTheEndOfALongLogIsSaidOnce() {
        cluster.prints(List.of(new Printed("one\n..........last\n", true, 14)));

        assertThat(next()).isEqualTo("one\n");
        assertThat(next()).contains("[10 bytes of this log are not shown here");
        assertThat(next()).isEqualTo("last\n");

        cluster.prints(List.of(new Printed("one\n0123456789last\nmore\n", false, 0)));
        assertThat(next()).isEqualTo("more\n");
    }

    private String next() {
        return new String(followed.next(job, clock.instant()).bytes(), UTF_8);
    }

    /**
     * A stream of a text.
     *
     * @param isProvisional as a driver's own; else as a compressed log that was shipped
     * @param end where those bytes begin that are known again behind the fourth
     */
    private record Printed(String text, boolean isProvisional, int end) implements RunStream {

        @Override
        public LogStream id() {
            return LogStream.STDOUT;
        }

        @Override
        public OptionalLong size() {
            return isProvisional ? OptionalLong.of(text.length()) : OptionalLong.empty();
        }

        @Override
        public String revision() {
            return text;
        }

        @Override
        public long afterGap(long offset) {
            return offset >= 4 && offset < end ? end : offset;
        }

        @Override
        public InputStream open(long offset) {
            int from = (int) Math.min(offset, text.length());
            int to = from < 4 && isProvisional ? 4 : text.length();
            return new ByteArrayInputStream(text.getBytes(UTF_8), from, to - from);
        }
    }
}
