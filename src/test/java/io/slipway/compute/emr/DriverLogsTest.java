package io.slipway.compute.emr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.slipway.aws.S3Error;
import io.slipway.aws.S3Fault;
import io.slipway.aws.StepOutput;
import io.slipway.compute.LogStream;
import io.slipway.compute.RunOrder;
import io.slipway.compute.RunStream;
import io.slipway.compute.Turns;
import io.slipway.jobs.Application;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.SubmissionKey;
import io.slipway.project.Launch;
import io.slipway.project.LaunchPlan;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
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
        Turns.observe(fixture.compute, List.of());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void theApplicationIsReadFromWhatSparkSubmitPrinted() {
        assertThat(fixture.compute.output().findApplication(order(Launch.Mode.CLUSTER)))
                .isEmpty();

        fixture.clock.advance(Duration.ofMinutes(5));
        fixture.putGzip(STEP + "stderr.gz", StepOutput.submitting(APPLICATION));

        assertThat(fixture.compute.output().findApplication(order(Launch.Mode.CLUSTER)))
                .hasValue(new Application(APPLICATION, true));
    }

    @Test
    void theFirstHourOfALongStepTellsIt() {
        fixture.putGzip(STEP + "stderr.2026-01-05-12.gz", StepOutput.submitting(APPLICATION));
        fixture.putGzip(
                STEP + "stderr.gz",
                "26/01/05 14:10:10 INFO Client: Application report for application_1_0001 (state: RUNNING)\n");

        assertThat(fixture.compute.output().findApplication(order(Launch.Mode.CLUSTER)))
                .map(Application::id)
                .hasValue(APPLICATION);
    }

    @Test
    void sparkSubmitsOwnLineCountsMoreThanWhatAProgramPrints() {
        fixture.putGzip(
                STEP + "stderr.gz", "copying application_1700000000000_0001\n" + StepOutput.submitting(APPLICATION));

        assertThat(fixture.compute.output().findApplication(order(Launch.Mode.CLIENT)))
                .hasValue(new Application(APPLICATION, false));
    }

    @Test
    void lookingForItCostsNoCallOfTheBudget() {
        int before = fixture.emr.calls().size();
        fixture.putGzip(STEP + "stderr.gz", StepOutput.submitting(APPLICATION));

        fixture.compute.output().findApplication(order(Launch.Mode.CLUSTER));
        streams();

        assertThat(fixture.emr.calls()).hasSize(before);
    }

    @Test
    void theProgramsOutputComesFirstAndTheExecutorsBehindIt() {
        put("01_000001/stdout.gz", "printed\n");
        put("01_000001/stderr.gz", StepOutput.applicationMaster());
        put("01_000002/stderr.gz", StepOutput.executor(2));
        put("01_000001/directory.info.gz", "ls -l\n");
        put("01_000001/prelaunch.out.gz", "Setting up env variables\n");
        fixture.putGzip(STEP + "stderr.gz", StepOutput.submitting(APPLICATION));

        List<RunStream> streams = streams();

        assertThat(names(streams)).containsExactly("stdout", "spark", "step-stderr", "executor-000002-stderr");
        assertThat(read(streams.get(0))).isEqualTo("printed\n");
        assertThat(streams).extracting(RunStream::note).containsExactly(RunStream.HOLDS_BOTH, null, null, null);
    }

    @Test
    void aMasterOfAnotherNumberIsKnownByWhatItSaysOfItself() {
        put("01_000002/stdout.gz", "printed\n");
        put("01_000002/stderr.gz", StepOutput.applicationMaster());
        put("01_000003/stdout.gz", "");
        put("01_000003/stderr.gz", StepOutput.executor(3));

        assertThat(names(streams()))
                .containsExactly("stdout", "spark", "executor-000003-stdout", "executor-000003-stderr");
        assertThat(read(named("stdout"))).isEqualTo("printed\n");
    }

    @Test
    void untilTheMasterIsCertainContainersHaveNeutralNamesThatGoOnToMeanTheSame() {
        put("01_000003/stdout.gz", "a worker\n");
        put("01_000003/stderr.gz", StepOutput.executor(3));
        assertThat(names(streams())).containsExactly("container-000003-stdout", "container-000003-stderr");

        put("01_000002/stdout.gz", "printed\n");
        fixture.clock.advance(Duration.ofSeconds(30));
        assertThat(names(streams()))
                .containsExactly("container-000002-stdout", "container-000003-stdout", "container-000003-stderr");

        put("01_000002/stderr.gz", StepOutput.applicationMaster());
        fixture.clock.advance(Duration.ofSeconds(30));
        assertThat(names(streams()))
                .containsExactly("stdout", "spark", "executor-000003-stdout", "executor-000003-stderr");
        assertThat(streams())
                .extracting(stream -> stream.source().toString())
                .containsExactly(
                        "container-000002-stdout",
                        "container-000002-stderr",
                        "container-000003-stdout",
                        "container-000003-stderr");
    }

    @Test
    void theLowestContainerThatSaysNothingOfItselfIsTheMasterWhenNothingMoreCanCome() {
        put("01_000002/stdout.gz", "printed\n");
        put("01_000002/stderr.gz", "WARNING: sun.reflect.Reflection.getCallerClass is not supported\n");
        put("01_000004/stdout.gz", "");
        RunOrder order = of(run(new Application(APPLICATION, true)), Launch.Mode.CLUSTER);
        Instant ended = fixture.clock.instant();

        assertThat(names(fixture.compute.output().streams(order, ended)))
                .containsExactly("container-000002-stdout", "container-000002-stderr", "container-000004-stdout");

        fixture.clock.advance(Duration.ofMinutes(20));
        assertThat(names(fixture.compute.output().streams(order, ended)))
                .containsExactly("stdout", "spark", "executor-000004-stdout");
    }

    @Test
    void anExecutorIsNeverTakenForTheMasterWhoseLogsAreLost() {
        put("01_000003/stdout.gz", "a worker\n");
        put("01_000003/stderr.gz", StepOutput.executor(3));
        RunOrder order = of(run(new Application(APPLICATION, true)), Launch.Mode.CLUSTER);
        Instant ended = fixture.clock.instant();
        fixture.clock.advance(Duration.ofDays(1));

        assertThat(names(fixture.compute.output().streams(order, ended)))
                .containsExactly("container-000003-stdout", "container-000003-stderr");
    }

    @Test
    void whetherAContainerIsTheMasterIsReadOnce() {
        put("01_000002/stderr.gz", StepOutput.applicationMaster());
        for (int minute = 0; minute < 5; minute++) {
            streams();
            fixture.clock.advance(Duration.ofMinutes(1));
        }
        assertThat(fixture.s3.calls())
                .filteredOn(call -> call.startsWith("GetObject"))
                .hasSize(1);
    }

    @Test
    void aBeginningThatS3RefusesDoesNotFailTheList() {
        put("01_000002/stdout.gz", "printed\n");
        put("01_000002/stderr.gz", StepOutput.applicationMaster());
        // Twice: the SDK's client for buckets of any region asks again after such an answer.
        fixture.s3.failNext("GetObject", 2, S3Fault.error(S3Error.ACCESS_DENIED));

        assertThat(names(streams())).containsExactly("container-000002-stdout", "container-000002-stderr");
        assertThat(names(streams())).containsExactly("stdout", "spark");
    }

    @Test
    void aSecondAttemptOfTheApplicationHasLogsOfItsOwnAndTheFirstKeepsItsNames() {
        put("01_000001/stdout.gz", "first\n");
        put("02_000001/stdout.gz", "second\n");
        put("02_000003/stdout.gz", "executor\n");

        assertThat(streams())
                .extracting(stream -> stream.id().toString(), DriverLogsTest::read)
                .containsExactly(
                        tuple("stdout", "first\n"),
                        tuple("attempt-2-stdout", "second\n"),
                        tuple("attempt-2-executor-000003-stdout", "executor\n"));
        assertThat(named("stdout").note()).contains("YARN started the program again", "attempt-2-stdout");
        assertThat(named("attempt-2-stdout").note()).isEqualTo(RunStream.HOLDS_BOTH);
    }

    @Test
    void eachAttemptHasAMasterOfItsOwn() {
        put("01_000003/stderr.gz", StepOutput.executor(3));
        put("02_000002/stdout.gz", "second\n");
        put("02_000002/stderr.gz", StepOutput.applicationMaster());
        put("02_000010/stderr.gz", StepOutput.executor(10));

        assertThat(names(streams()))
                .containsExactly(
                        "attempt-2-stdout",
                        "attempt-2-spark",
                        "container-000003-stderr",
                        "attempt-2-executor-000010-stderr");
    }

    @Test
    void numbersOfManyDigitsAreNumbers() {
        put("01_999999/stdout.gz", "printed\n");
        put("01_999999/stderr.gz", StepOutput.applicationMaster());
        put("01_1000000/stderr.gz", StepOutput.executor(1_000_000));
        put("01_1000001/stderr.gz", StepOutput.executor(1_000_001));

        assertThat(names(streams()))
                .containsExactly("stdout", "spark", "executor-1000000-stderr", "executor-1000001-stderr");
    }

    @Test
    void afterARestartOfYarnTheNumbersBeginAnewAndMeanOtherContainers() {
        String folder = CONTAINERS + "container_";
        fixture.putGzip(folder + "1767614400000_10042_01_000001/stdout.gz", "printed\n");
        fixture.putGzip(folder + "e02_1767614400000_10042_01_000001/stdout.gz", "a worker\n");
        fixture.putGzip(folder + "e02_1767614400000_10042_01_000002/stdout.gz", "another\n");

        assertThat(streams())
                .extracting(stream -> stream.id().toString(), DriverLogsTest::read)
                .containsExactly(
                        tuple("stdout", "printed\n"),
                        tuple("executor-e02-000001-stdout", "a worker\n"),
                        tuple("executor-e02-000002-stdout", "another\n"));
    }

    @Test
    void hoursOfALongDriverAreOneStreamAndAnEpochIsPartOfAContainersName() {
        String folder = CONTAINERS + "container_e02_1767614400000_10042_01_000001/";
        fixture.putGzip(folder + "stderr.gz", "third\n");
        fixture.putGzip(folder + "stderr.2026-01-05-13.gz", "second\n");
        fixture.s3.put(
                "logs",
                folder + "stderr.2026-01-05-09",
                StepOutput.applicationMaster().getBytes(UTF_8));

        assertThat(names(streams())).containsExactly("spark");
        assertThat(read(named("spark"))).isEqualTo(StepOutput.applicationMaster() + "second\nthird\n");
    }

    @Test
    void theNumberOneAfterARestartMayBeAnExecutorsSoItHasToSayWhatItIs() {
        String folder = CONTAINERS + "container_e02_1767614400000_10042_01_000001/";
        fixture.putGzip(folder + "stdout.gz", "x\n");

        assertThat(names(streams())).containsExactly("container-e02-000001-stdout");
    }

    @Test
    void whereTheStepRunsTheProgramItsStreamsAreTheProgramsAndTheMasterIsNoDriver() {
        put("01_000001/stderr.gz", StepOutput.applicationMaster());
        put("01_000002/stderr.gz", StepOutput.executor(2));
        fixture.putGzip(STEP + "stdout.gz", "printed\n");
        fixture.putGzip(STEP + "stderr.gz", StepOutput.submitting(APPLICATION));
        fixture.putGzip(STEP + "controller.gz", "INFO startExec\n");

        List<RunStream> streams = fixture.compute
                .output()
                .streams(of(run(new Application(APPLICATION, false)), Launch.Mode.CLIENT), null);

        assertThat(names(streams))
                .containsExactly("stdout", "spark", "master-stderr", "step-controller", "executor-000002-stderr");
        assertThat(streams.get(0).note()).isEqualTo(RunStream.HOLDS_BOTH);
        assertThat(streams.get(1).source()).isEqualTo(LogStream.ofStep("stderr"));
    }

    @Test
    void theModeNamesTheStepsStreamsBeforeTheApplicationIsKnown() {
        fixture.putGzip(STEP + "stdout.gz", "");
        fixture.putGzip(STEP + "stderr.gz", StepOutput.submitting(APPLICATION));

        assertThat(names(fixture.compute.output().streams(of(run(null), Launch.Mode.CLUSTER), null)))
                .containsExactly("step-stdout", "step-stderr");
        assertThat(names(fixture.compute.output().streams(of(run(null), Launch.Mode.CLIENT), null)))
                .containsExactly("stdout", "spark");
    }

    @Test
    void aStreamMayComeWhileEmrShipsAndOneThatSparkJoinsNeverDoes() {
        RunOrder order = of(run(null), Launch.Mode.CLUSTER);
        Instant ended = fixture.clock.instant();
        for (String name :
                List.of("stdout", "spark", "step-controller", "executor-000007-stdout", "container-000002-stderr")) {
            LogStream stream = LogStream.parse(name).orElseThrow();
            assertThat(fixture.compute.output().expectedLogs(order, null).mayCome(stream))
                    .as(name)
                    .isTrue();
        }
        assertThat(fixture.compute.output().expectedLogs(order, null).mayCome(LogStream.STDERR))
                .isFalse();
        assertThat(fixture.compute.output().expectedLogs(order, null).notYet(LogStream.STDOUT))
                .contains("every five minutes", "YARN application");

        fixture.clock.advance(Duration.ofMinutes(19));
        assertThat(fixture.compute.output().expectedLogs(order, ended).mayCome(LogStream.STDOUT))
                .isTrue();
        fixture.clock.advance(Duration.ofMinutes(1));
        assertThat(fixture.compute.output().expectedLogs(order, ended).mayCome(LogStream.STDOUT))
                .isFalse();
    }

    @Test
    void aPageThatAsksEverySecondListsSeldom() {
        put("01_000001/stdout.gz", "x\n");
        int before = lists();
        for (int second = 0; second < 9; second++) {
            streams();
            fixture.clock.advance(Duration.ofSeconds(1));
        }
        assertThat(lists() - before).isLessThanOrEqualTo(4);
    }

    @Test
    void anotherRevisionIsSeenWhenTheLogHasGrown() {
        put("01_000001/stdout.gz", "x\n");
        String before = named("stdout").revision();
        put("01_000001/stdout.gz", "x\ny\n");
        fixture.clock.advance(Duration.ofSeconds(30));
        assertThat(named("stdout").revision()).isNotEqualTo(before);
    }

    @Test
    void aClusterThatKeepsNoLogsSaysSo() throws IOException {
        assertThat(never(fixture)).isNull();
        try (EmrFixture none = new EmrFixture(EmrFixture.SETTINGS, 2, null);
                EmrFixture elsewhere = new EmrFixture(EmrFixture.SETTINGS, 2, "hdfs:///var/log")) {
            assertThat(never(none)).isNull();
            Turns.observe(none.compute, List.of());
            Turns.observe(elsewhere.compute, List.of());
            assertThat(never(none)).contains("has no LogUri");
            assertThat(never(elsewhere)).contains("hdfs:///var/log");
            assertThat(none.compute.output().streams(of(run(null), Launch.Mode.CLUSTER), null))
                    .isEmpty();
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
        return new RunRef(new SubmissionKey("01J-1"), "s-1", fixture.clock.instant(), null, application);
    }

    private RunOrder order(Launch.Mode mode) {
        return of(run(null), mode);
    }

    private static RunOrder of(RunRef run, Launch.Mode mode) {
        Launch launch =
                new Launch(Launch.DEFAULT.layout(), mode, null, Launch.DEFAULT.python(), null, Launch.DEFAULT.failOn());
        return new RunOrder(
                run, "prices", new LaunchPlan(EmrFixture.PROJECT, "project.py", List.of(), Map.of(), Map.of(), launch));
    }

    /** Of a run in cluster mode that goes on. */
    private List<RunStream> streams() {
        return fixture.compute.output().streams(of(run(new Application(APPLICATION, true)), Launch.Mode.CLUSTER), null);
    }

    private RunStream named(String name) {
        return streams().stream()
                .filter(stream -> stream.id().toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String never(EmrFixture of) {
        return of.compute
                .output()
                .expectedLogs(of(run(null), Launch.Mode.CLUSTER), null)
                .never();
    }

    private static List<String> names(List<RunStream> streams) {
        return streams.stream().map(stream -> stream.id().toString()).toList();
    }

    private static String read(RunStream stream) {
        try (InputStream in = stream.open(0)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
