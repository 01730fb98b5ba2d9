package io.slipway.compute.emr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.aws.StepOutput;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunStream;
import io.slipway.jobs.Application;
import io.slipway.jobs.RunRef;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a step to the logs of its driver: EMR has no call that leads there. */
class DriverLogsTest {

    private static final String APPLICATION = "application_1767614400000_10042";
    private static final String CONTAINER = "container_1767614400000_10042_";
    private static final String STEP = "emr/j-2AXXXXXXGAPLF/steps/s-1/";
    private static final String CONTAINERS = "emr/j-2AXXXXXXGAPLF/containers/" + APPLICATION + "/";

    private EmrFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
        fixture.compute.observe(List.of());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void theApplicationIsReadFromWhatSparkSubmitPrinted() {
        assertThat(fixture.compute.findApplication(order(Launch.Mode.CLUSTER))).isEmpty();

        fixture.clock.advance(Duration.ofMinutes(5));
        fixture.putGzip(STEP + "stderr.gz", StepOutput.submitting(APPLICATION));

        assertThat(fixture.compute.findApplication(order(Launch.Mode.CLUSTER)))
                .hasValue(new Application(APPLICATION, true));
    }

    @Test
    void theFirstHourOfALongStepTellsIt() {
        fixture.putGzip(STEP + "stderr.2026-01-05-12.gz", StepOutput.submitting(APPLICATION));
        fixture.putGzip(
                STEP + "stderr.gz",
                "26/01/05 14:10:10 INFO Client: Application report for application_1_0001 (state: RUNNING)\n");

        assertThat(fixture.compute.findApplication(order(Launch.Mode.CLUSTER)))
                .map(Application::id)
                .hasValue(APPLICATION);
    }

    @Test
    void sparkSubmitsOwnLineCountsMoreThanWhatAProgramPrints() {
        fixture.putGzip(
                STEP + "stderr.gz", "copying application_1700000000000_0001\n" + StepOutput.submitting(APPLICATION));

        assertThat(fixture.compute.findApplication(order(Launch.Mode.CLIENT)))
                .hasValue(new Application(APPLICATION, false));
    }

    @Test
    void lookingForItCostsNoCallOfTheBudget() {
        int before = fixture.emr.calls().size();
        fixture.putGzip(STEP + "stderr.gz", StepOutput.submitting(APPLICATION));

        fixture.compute.findApplication(order(Launch.Mode.CLUSTER));
        fixture.compute.streams(run(new Application(APPLICATION, true)));

        assertThat(fixture.emr.calls()).hasSize(before);
    }

    @Test
    void theDriversOutputComesFirstAndTheExecutorsBehindIt() {
        put("01_000001/stdout.gz", "printed\n");
        put("01_000001/stderr.gz", "26/01/05 12:00:12 INFO ApplicationMaster\n");
        put("01_000002/stderr.gz", "26/01/05 12:00:20 INFO Executor\n");
        put("01_000001/directory.info.gz", "ls -l\n");
        put("01_000001/prelaunch.out.gz", "Setting up env variables\n");
        fixture.putGzip(STEP + "stderr.gz", StepOutput.submitting(APPLICATION));

        List<RunStream> streams = fixture.compute.streams(run(new Application(APPLICATION, true)));

        assertThat(streams)
                .extracting(RunStream::name)
                .containsExactly("driver-stderr", "driver-stdout", "executor-000002-stderr", "stderr");
        assertThat(read(streams.get(1))).isEqualTo("printed\n");
    }

    @Test
    void aSecondAttemptOfTheApplicationHasLogsOfItsOwn() {
        put("01_000001/stdout.gz", "first\n");
        put("02_000001/stdout.gz", "second\n");
        put("02_000003/stdout.gz", "executor\n");

        assertThat(fixture.compute.streams(run(new Application(APPLICATION, true))))
                .extracting(RunStream::name, DriverLogsTest::read)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("driver-stdout", "first\n"),
                        org.assertj.core.groups.Tuple.tuple("attempt-2-driver-stdout", "second\n"),
                        org.assertj.core.groups.Tuple.tuple("attempt-2-executor-000003-stdout", "executor\n"));
    }

    @Test
    void hoursOfALongDriverAreOneStreamAndAnEpochIsPartOfAContainersName() {
        String folder = CONTAINERS + "container_e02_1767614400000_10042_01_000001/";
        fixture.putGzip(folder + "stderr.gz", "third\n");
        fixture.putGzip(folder + "stderr.2026-01-05-13.gz", "second\n");
        fixture.s3.put("logs", folder + "stderr.2026-01-05-09", "first\n".getBytes(UTF_8));

        List<RunStream> streams = fixture.compute.streams(run(new Application(APPLICATION, true)));

        assertThat(streams).extracting(RunStream::name).containsExactly("driver-stderr");
        assertThat(read(streams.get(0))).isEqualTo("first\nsecond\nthird\n");
    }

    @Test
    void whereTheDriverRunsInTheStepTheFirstContainerIsTheMastersAlone() {
        put("01_000001/stderr.gz", "x\n");

        assertThat(fixture.compute.streams(run(new Application(APPLICATION, false))))
                .extracting(RunStream::name)
                .containsExactly("master-stderr");
    }

    @Test
    void aPageThatAsksEverySecondListsSeldom() {
        put("01_000001/stdout.gz", "x\n");
        RunRef run = run(new Application(APPLICATION, true));
        int before = lists();
        for (int second = 0; second < 9; second++) {
            fixture.compute.streams(run);
            fixture.clock.advance(Duration.ofSeconds(1));
        }
        assertThat(lists() - before).isLessThanOrEqualTo(4);
    }

    @Test
    void anotherRevisionIsSeenWhenTheLogHasGrown() {
        put("01_000001/stdout.gz", "x\n");
        RunRef run = run(new Application(APPLICATION, true));
        String before = fixture.compute.streams(run).get(0).revision();
        put("01_000001/stdout.gz", "x\ny\n");
        fixture.clock.advance(Duration.ofSeconds(30));
        assertThat(fixture.compute.streams(run).get(0).revision()).isNotEqualTo(before);
    }

    @Test
    void aClusterThatKeepsNoLogsSaysSo() throws IOException {
        assertThat(fixture.compute.withoutLogs(run(null))).isEmpty();
        try (EmrFixture none = new EmrFixture(EmrFixture.SETTINGS, 2, null);
                EmrFixture elsewhere = new EmrFixture(EmrFixture.SETTINGS, 2, "hdfs:///var/log")) {
            assertThat(none.compute.withoutLogs(run(null))).isEmpty();
            none.compute.observe(List.of());
            elsewhere.compute.observe(List.of());
            assertThat(none.compute.withoutLogs(run(null))).get().asString().contains("has no LogUri");
            assertThat(elsewhere.compute.withoutLogs(run(null)))
                    .get()
                    .asString()
                    .contains("hdfs:///var/log");
            assertThat(none.compute.streams(run(null))).isEmpty();
        }
    }

    private int lists() {
        return (int) fixture.s3.calls().stream()
                .filter(call -> call.startsWith("ListObjects"))
                .count();
    }

    private void put(String path, String text) {
        fixture.putGzip(CONTAINERS + CONTAINER + path, text);
    }

    private RunRef run(Application application) {
        return new RunRef("01J-1", "s-1", fixture.clock.instant(), null, application);
    }

    private RunOrder order(Launch.Mode mode) {
        Launch launch =
                new Launch(Launch.DEFAULT.layout(), mode, null, Launch.DEFAULT.python(), null, Launch.DEFAULT.failOn());
        return new RunOrder(
                run(null),
                "prices",
                new LaunchPlan(EmrFixture.PROJECT, "project.py", List.of(), Map.of(), Map.of(), launch));
    }

    private static String read(RunStream stream) {
        try (InputStream in = stream.open(0)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
