package io.slipway.compute.emr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunStream;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.client.LogLocation;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepLogsTest {

    private static final String FOLDER = "emr/j-2AXXXXXXGAPLF/steps/s-1/";

    private EmrFixture fixture;
    private RunRef run;

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
        Turns.observe(fixture.compute, List.of());
        run = new RunRef(new SubmissionKey("01J-1"), "s-1", fixture.clock.instant());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void onlyWhatIsThereIsAStream() {
        fixture.putGzip(FOLDER + "stderr.gz", "x");
        fixture.putGzip(FOLDER + "controller.gz", "x");
        fixture.s3.put("logs", FOLDER + "something-else.txt", "x".getBytes(UTF_8));
        fixture.putGzip("emr/j-2AXXXXXXGAPLF/steps/s-11/stdout.gz", "x");

        assertThat(streams(run))
                .extracting(stream -> stream.id().toString())
                .containsExactly("step-controller", "step-stderr");
    }

    @Test
    void hoursOfALongStepAreOneStreamInTheirOrder() throws IOException {
        fixture.putGzip(FOLDER + "stderr.gz", "third\n");
        fixture.putGzip(FOLDER + "stderr.2016-03-03-17.gz", "second\n");
        fixture.s3.put("logs", FOLDER + "stderr.2016-03-03-09", "first\n".getBytes(UTF_8));

        RunStream stderr = streams(run).get(0);

        assertThat(read(stderr, 0)).isEqualTo("first\nsecond\nthird\n");
        assertThat(read(stderr, 8)).isEqualTo("cond\nthird\n");
        assertThat(read(stderr, 19)).isEmpty();
        assertThat(read(stderr, 1000)).isEmpty();
        assertThat(stderr.size()).isEmpty();
    }

    @Test
    void aReaderThatStopsEarlyFetchesNoFurtherPart() throws IOException {
        fixture.putGzip(FOLDER + "stdout.2016-03-03-17.gz", "first\n");
        fixture.putGzip(FOLDER + "stdout.gz", "second\n");

        try (InputStream in = streams(run).get(0).open(0)) {
            assertThat(in.readNBytes(3)).isEqualTo("fir".getBytes(UTF_8));
        }

        assertThat(fixture.s3.calls())
                .filteredOn(call -> call.startsWith("GetObject"))
                .containsExactly("GetObject " + FOLDER + "stdout.2016-03-03-17.gz");
    }

    @Test
    void compressionIsSeenFromTheBytesNotFromTheName() throws IOException {
        fixture.s3.put("logs", FOLDER + "stdout.gz", "plain".getBytes(UTF_8));
        fixture.putGzip(FOLDER + "syslog", "packed");
        fixture.s3.put("logs", FOLDER + "stderr.gz", "".getBytes(UTF_8));

        assertThat(streams(run)).extracting(stream -> read(stream, 0)).containsExactly("plain", "", "packed");
    }

    @Test
    void aLogThatWentAwayMeanwhileIsNotThere() {
        fixture.putGzip(FOLDER + "stdout.gz", "x");
        RunStream stdout = streams(run).get(0);
        // Twice: the SDK's client for buckets of any region asks again after such an answer.
        fixture.s3.failNext("GetObject", 2, S3Fault.error(S3Error.NO_SUCH_KEY));

        assertThatThrownBy(() -> stdout.open(0)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aRunWithoutAStepHasNone() {
        assertThat(streams(new RunRef(new SubmissionKey("01J-1"), null, fixture.clock.instant())))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "s3://logs/emr/, logs, emr/",
        "s3n://logs/emr, logs, emr/",
        "s3a://logs, logs, ''",
        "s3://logs/, logs, ''",
        "s3://aws-logs-1-eu-central-1/elasticmapreduce/, aws-logs-1-eu-central-1, elasticmapreduce/"
    })
    void theLogUriOfAnyAgeIsUnderstood(String uri, String bucket, String prefix) {
        assertThat(LogLocation.parse(uri)).isEqualTo(new LogLocation(bucket, prefix));
        assertThat(LogLocation.parse("hdfs:///logs")).isNull();
    }

    private List<RunStream> streams(RunRef run) {
        return fixture.compute
                .output()
                .streams(new RunOrder(run, "prices", fixture.order("prices").plan()), null);
    }

    private static String read(RunStream stream, long offset) {
        try (InputStream in = stream.open(offset)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
