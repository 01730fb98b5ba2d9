package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.OnH2;
import io.slipway.artifacts.Artifacts;
import io.slipway.aws.EmrEvents;
import io.slipway.aws.EmrFault;
import io.slipway.aws.EmrStep;
import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.StepScript;
import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.ClusterState;
import io.slipway.compute.Clusters;
import io.slipway.compute.emr.EmrClusters;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** EMR's events on their way from the queue through the loop into the table, with the SDK's real clients. */
@ReconcilePersistence
@OnH2
@Tag("full")
class EventsTest {

    private static final String CLUSTER = EmrClusters.name(1);
    private static final String ID = EmrClusters.id(1);
    private static final Duration RUNS = Duration.ofSeconds(20);
    /** Full looks that happen by themselves are further apart than these tests are long. */
    private static final Map<String, String> RARE_LOOKS = Map.of("slipway.compute.emr.pace", "1h");

    @Autowired
    private Jobs jobs;

    @Autowired
    private TurnedLoop.Table table;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private JdbcTemplate jdbc;

    private final MovableClock clock = new MovableClock(StoredJobs.NOW);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private EmrClusters clusters;
    private TurnedLoop loop;

    @BeforeEach
    void start() throws IOException {
        for (String name : List.of("job_event", "job_label", "run", "job")) {
            jdbc.update("delete from " + name);
        }
        build(RARE_LOOKS);
    }

    private void build(Map<String, String> settings) throws IOException {
        clusters = new EmrClusters(1, 100, settings, meters, clock).withEvents(Duration.ofSeconds(1), clock);
        clusters.emr.script(name ->
                name.startsWith("fails") ? StepScript.failsAfter(RUNS, "exit 1") : StepScript.succeedsAfter(RUNS));
        loop = new TurnedLoop(table, Clusters.of(clusters.computes), () -> true, meters, clock);
    }

    @AfterEach
    void stop() {
        clusters.close();
    }

    @Test
    void anEventBringsARunIntoTheTableLongBeforeTheNextFullLook() {
        Job succeeds = queued("squares");
        Job fails = queued("fails");
        seconds(5);
        assertThat(state(succeeds)).isEqualTo(JobState.RUNNING);
        seconds(20);
        assertThat(state(succeeds)).isEqualTo(JobState.SUCCEEDED);
        assertThat(state(fails)).isEqualTo(JobState.FAILED);
        assertThat(fullLooks()).hasSizeLessThanOrEqualTo(1);
        assertThat(clusters.queue.bodies()).isEmpty();
    }

    @Test
    void looksAtExactlyThoseRunsThatEventsAreAboutAndOnlyAtNews() {
        clusters.emr.script(name -> StepScript.succeedsAfter(name.startsWith("short") ? RUNS : Duration.ofHours(2)));
        Job quick = queued("short");
        queued("long");
        queued("long");
        seconds(5);
        clusters.emr.forgetCalls();
        seconds(20);
        String step = table.jobs()
                .findById(quick.id())
                .orElseThrow()
                .currentRun()
                .orElseThrow()
                .remoteId();
        assertThat(clusters.emr.calls("ListSteps"))
                .extracting(call -> call.body().path("StepIds"))
                .singleElement()
                .satisfies(ids -> {
                    assertThat(ids).hasSize(1);
                    assertThat(ids.get(0).asString()).isEqualTo(step);
                });
    }

    @Test
    void doublesDisorderAndOthersNewsAreHarmless() {
        Job job = queued("squares");
        seconds(25);
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        Job next = queued("squares");
        seconds(5);
        EmrStep old = step(0);
        EmrStep live = step(1);
        clusters.emr.forgetCalls();

        List<String> backwards = new ArrayList<>(List.of("PENDING", "RUNNING", "COMPLETED"));
        Collections.reverse(backwards);
        backwards.forEach(state -> clusters.queue.send(EmrEvents.ofStep(clock, ID, old.id(), old.name(), state)));
        clusters.queue.send(EmrEvents.ofStep(clock, ID, live.id(), live.name(), "PENDING"));
        clusters.queue.send(EmrEvents.ofStep(clock, ID, live.id(), live.name(), "RUNNING"));
        clusters.queue.send(
                EmrEvents.ofStep(clock, ID, "s-FOREIGN", "squares [01ARZ3NDEKTSV4RRFFQ69G5FAV-1]", "FAILED"));
        clusters.queue.send(EmrEvents.ofStep(clock, ID, "s-BYHAND", "somebody's step", "FAILED"));
        clusters.queue.send(EmrEvents.ofStep(clock, "j-UNKNOWN", live.id(), live.name(), "FAILED"));
        clusters.queue.send("no json");
        seconds(2);

        assertThat(clusters.emr.calls("ListSteps")).isEmpty();
        assertThat(clusters.queue.bodies()).isEmpty();
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(state(next)).isEqualTo(JobState.RUNNING);
    }

    @Test
    void believesNoEventButLooksItself() {
        Job job = queued("squares");
        seconds(5);
        EmrStep live = step(0);
        clusters.queue.send(EmrEvents.ofStep(clock, ID, live.id(), live.name(), "FAILED"));
        clusters.queue.send(EmrEvents.ofStep(clock, ID, "s-0000000000000NOTOURS", live.name(), "FAILED"));
        seconds(2);
        assertThat(state(job)).isEqualTo(JobState.RUNNING);
        assertThat(clusters.queue.bodies()).isEmpty();
    }

    @Test
    void aMessageIsDeletedOnlyWhenItsRowIsCommitted() {
        Job job = queued("squares");
        seconds(5);
        jdbc.execute("alter table job add constraint no_end check (state <> 'SUCCEEDED')");
        try {
            seconds(25);
            assertThat(state(job)).isEqualTo(JobState.RUNNING);
            assertThat(clusters.queue.bodies()).singleElement().asString().contains("COMPLETED");
        } finally {
            jdbc.execute("alter table job drop constraint no_end");
        }
        seconds(60);
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(clusters.queue.bodies()).isEmpty();
    }

    @Test
    void anEventTellsOfAStepWhoseAnswerWasLost() {
        clusters.emr.failNext("AddJobFlowSteps", EmrFault.closedAfterAll());
        Job job = queued("squares");
        seconds(4);
        assertThat(state(job)).isIn(JobState.PENDING, JobState.RUNNING);
        assertThat(clusters.emr.steps(ID)).hasSize(1);
    }

    @Test
    void newsOfAClusterThatNobodyTurnsAreForgotten() throws IOException {
        clusters.close();
        clusters = new EmrClusters(2, 100, RARE_LOOKS, meters, clock).withEvents(Duration.ofSeconds(1), clock);
        loop = new TurnedLoop(table, Clusters.of(clusters.computes.subList(0, 1)), () -> true, meters, clock);
        clusters.queue.send(EmrEvents.ofCluster(clock, EmrClusters.id(2), "RUNNING"));
        seconds(2);
        assertThat(clusters.queue.bodies()).isEmpty();
    }

    @Test
    void aStepIsNotAdoptedForAKeyThatItsNameDoesNotCarry() {
        queued("squares");
        seconds(4);
        clusters.emr.failNext("AddJobFlowSteps", EmrFault.closed());
        Job lost = queued("squares");
        seconds(1);
        String name = "squares [" + lost.id() + "-1]";
        clusters.queue.send(EmrEvents.ofStep(clock, ID, step(0).id(), name, "RUNNING"));
        seconds(3);
        assertThat(state(lost)).isEqualTo(JobState.SUBMITTING);
        assertThat(clusters.queue.bodies()).isEmpty();
    }

    @Test
    void newsThatCannotBeLookedAtNowGoTogetherWhenTokensComeBack() throws IOException {
        clusters.close();
        build(Map.of(
                "slipway.compute.emr.pace", "1h",
                "slipway.compute.emr.budget.list-steps.burst", "1",
                "slipway.compute.emr.budget.list-steps.per-second", "0.1"));
        List<Job> many = IntStream.range(0, 40).mapToObj(i -> queued("squares")).toList();
        seconds(22);
        clusters.emr.forgetCalls();
        seconds(70);
        assertThat(many).allSatisfy(job -> assertThat(state(job)).isEqualTo(JobState.SUCCEEDED));
        assertThat(clusters.emr.calls("ListSteps")).hasSizeLessThanOrEqualTo(8);
        assertThat(clusters.queue.bodies()).isEmpty();
        assertThat(clusters.queue.dead()).isEmpty();
    }

    @Test
    void theEndOfAClusterEndsItsRunsAtOnce() {
        Job job = queued("squares");
        seconds(5);
        clusters.emr.forgetListeners();
        clusters.emr.terminate(ID, "TERMINATED", "by request");
        clusters.queue.send(EmrEvents.ofCluster(clock, ID, "TERMINATED"));
        seconds(2);
        assertThat(state(job)).isEqualTo(JobState.FAILED);
        assertThat(clusters.computes.get(0).health().state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(clusters.queue.bodies()).isEmpty();
    }

    @Test
    void pollingIsSlowerWhileEventsFlowAndAtFullPaceWhenTheyStop() throws IOException {
        clusters.close();
        build(Map.of());
        for (int minute = 0; minute < 2; minute++) {
            queued("squares");
            seconds(60);
        }
        assertThat(loop.hasNewsFlowing(CLUSTER)).isTrue();
        assertThat(fullLooksIn(Duration.ofMinutes(3))).isBetween(2, 4);

        clusters.emr.forgetListeners();
        assertThat(fullLooksIn(Duration.ofMinutes(3))).isGreaterThanOrEqualTo(20);
        assertThat(loop.hasNewsFlowing(CLUSTER)).isFalse();

        EmrEvents.connect(clusters.emr, clusters.queue, clock, Duration.ofSeconds(1));
        queued("squares");
        seconds(60);
        assertThat(loop.hasNewsFlowing(CLUSTER)).isTrue();
    }

    /** Whoever says that a driver is silent has not heard that one tells its end. */
    @ParameterizedTest
    @CsvSource({"false, 10, 20", "true, 0, 0"})
    void looksAreRarerWhereADriverToldAnEndAndNotWhereOneFellSilent(boolean told, int fewest, int most)
            throws IOException {
        clusters.close();
        clusters = new EmrClusters(1, 100, Map.of(), meters, clock);
        clusters.emr.script(name -> StepScript.runsLong());
        loop = new TurnedLoop(table, Clusters.of(clusters.computes), () -> true, meters, clock);
        Job job = queued("squares");
        turns(15);
        SubmissionKey key = new SubmissionKey(job.id() + "-1");
        ClusterEvent event = told ? ClusterEvent.endOfProgram(CLUSTER, key) : ClusterEvent.silentDriver(CLUSTER, key);
        loop.listen(handler -> assertThat(handler.apply(event)).isNotNull());
        clusters.emr.forgetCalls();

        turns(80);

        assertThat(fullLooks()).hasSizeBetween(fewest, most);
    }

    private void turns(int seconds) {
        for (int second = 0; second < seconds; second++) {
            clock.advance(Duration.ofSeconds(1));
            clusters.emr.advance();
            loop.tick();
        }
    }

    /** How many there are while a job after the other runs. */
    private int fullLooksIn(Duration time) {
        clusters.emr.forgetCalls();
        for (int part = 0; part < time.toSeconds() / 15; part++) {
            queued("squares");
            seconds(15);
        }
        return fullLooks().size();
    }

    private List<SimulatedEmr.Call> fullLooks() {
        return clusters.emr.calls("ListSteps").stream()
                .filter(call -> !states(call.body()).isEmpty())
                .toList();
    }

    private static JsonNode states(JsonNode body) {
        return body.path("StepStates");
    }

    private void seconds(int seconds) {
        for (int second = 0; second < seconds; second++) {
            clock.advance(Duration.ofSeconds(1));
            clusters.emr.advance();
            loop.listen(clusters.events);
            loop.tick();
        }
        loop.listen(clusters.events);
    }

    private EmrStep step(int number) {
        return clusters.emr.steps(ID).get(number);
    }

    private Job queued(String name) {
        return new StoredJobs(table.transactions(), artifacts)
                .queued(Wanted.of("ann").named(name).on(CLUSTER), clock.instant());
    }

    private JobState state(Job job) {
        return jobs.findById(job.id()).orElseThrow().state();
    }
}
