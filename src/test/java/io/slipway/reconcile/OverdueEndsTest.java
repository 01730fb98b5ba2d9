package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.OnH2;
import io.slipway.artifacts.Artifacts;
import io.slipway.aws.EmrFault;
import io.slipway.aws.MovableClock;
import io.slipway.aws.StepScript;
import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.Clusters;
import io.slipway.compute.emr.EmrClusters;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Drivers tell of more ends than the account's calls of ListSteps can confirm. */
@ReconcilePersistence
@OnH2
@Tag("full")
class OverdueEndsTest {

    private static final String LIST_STEPS = "slipway.compute.emr.budget.list-steps";
    private static final String DESCRIBE_STEP = "slipway.compute.emr.budget.describe-step";

    /** One at the start, and no other as long as these tests are. */
    private static final Map<String, String> NO_LISTINGS =
            Map.of(LIST_STEPS + ".burst", "1", LIST_STEPS + ".per-second", "0.001");

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
    void clear() {
        for (String name : List.of("job_event", "job_label", "run", "job")) {
            jdbc.update("delete from " + name);
        }
    }

    private void build(Map<String, String> settings) throws IOException {
        clusters = EmrClusters.live(2, 100, settings, meters, clock);
        clusters.emr.script(name -> name.startsWith("goes on")
                ? StepScript.succeedsAfter(Duration.ofMinutes(10))
                : StepScript.succeedsAfter(Duration.ofSeconds(10)));
        loop = new TurnedLoop(table, Clusters.of(clusters.computes), () -> true, meters, clock);
    }

    @AfterEach
    void stop() {
        clusters.close();
    }

    @Test
    void anEndThatHasWaitedForLongIsAskedForByItself() throws IOException {
        build(NO_LISTINGS);
        Job job = queued("squares", 1);
        seconds(15);
        tellEnd(job);

        seconds(150);
        assertThat(clusters.emr.calls("DescribeStep")).isEmpty();
        assertThat(state(job).isTerminal()).isFalse();

        seconds(10);
        assertThat(clusters.emr.calls("DescribeStep")).hasSize(1);
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
    }

    /** Also when a step goes on for long after its driver has told its end. */
    @Test
    void withCallsEnoughNoEndIsAskedForByItself() throws IOException {
        build(Map.of());
        List<Job> ended = queued("squares", 1, 20);
        Job goesOn = queued("goes on", 1);
        seconds(15);
        ended.forEach(this::tellEnd);
        tellEnd(goesOn);

        seconds(500);

        assertThat(ended).extracting(this::state).containsOnly(JobState.SUCCEEDED);
        assertThat(state(goesOn)).isEqualTo(JobState.RUNNING);
        assertThat(clusters.emr.calls("DescribeStep")).isEmpty();
    }

    @Test
    void theOldestGoesFirstAndNoClusterWaitsUntilAnotherHasNone() throws IOException {
        build(Map.of(
                LIST_STEPS + ".burst", "1",
                LIST_STEPS + ".per-second", "0.001",
                DESCRIBE_STEP + ".burst", "1",
                DESCRIBE_STEP + ".per-second", "0.05"));
        List<Job> many = queued("squares", 1, 30);
        List<Job> few = queued("squares", 2, 3);
        seconds(15);
        for (Job job : many) {
            tellEnd(job);
            seconds(1);
        }
        few.forEach(this::tellEnd);

        seconds(400);

        assertThat(few).extracting(this::state).containsOnly(JobState.SUCCEEDED);
        List<String> asked = clusters.emr.calls("DescribeStep").stream()
                .map(call -> call.body().path("StepId").asString())
                .toList();
        assertThat(asked).hasSizeLessThan(many.size());
        assertThat(asked.stream().filter(idsOf(many)::contains).toList())
                .isEqualTo(idsOf(many.subList(0, asked.size() - 3)));
    }

    @Test
    void aThrottledCallCostsNothingElse() throws IOException {
        build(Map.of(LIST_STEPS + ".burst", "1", LIST_STEPS + ".per-second", "0.004"));
        List<Job> ended = queued("squares", 1, 3);
        seconds(15);
        ended.forEach(this::tellEnd);
        clusters.emr.weather(operation -> operation.equals("DescribeStep") ? EmrFault.throttled() : null);
        seconds(180);
        assertThat(clusters.emr.calls("DescribeStep")).isNotEmpty();
        assertThat(ended).extracting(this::state).doesNotContain(JobState.SUCCEEDED);

        Job next = queued("squares", 1);
        seconds(1);
        assertThat(state(next)).isEqualTo(JobState.PENDING);
        seconds(60);

        assertThat(ended).extracting(this::state).containsOnly(JobState.SUCCEEDED);
    }

    private List<Job> queued(String name, int cluster, int count) {
        return IntStream.range(0, count).mapToObj(one -> queued(name, cluster)).toList();
    }

    private Job queued(String name, int cluster) {
        return new StoredJobs(table.transactions(), artifacts)
                .queued(Wanted.of("ann").named(name).on(EmrClusters.name(cluster)), clock.instant());
    }

    private void tellEnd(Job job) {
        Job fresh = fresh(job);
        ClusterEvent end = ClusterEvent.endOfProgram(fresh.cluster(), fresh.submissionKey());
        loop.listen(handler -> assertThat(handler.apply(end)).isNotNull());
    }

    private void seconds(int seconds) {
        for (int second = 0; second < seconds; second++) {
            clock.advance(Duration.ofSeconds(1));
            clusters.emr.advance();
            loop.tick();
        }
    }

    private List<String> idsOf(List<Job> some) {
        List<String> ids = new ArrayList<>();
        some.forEach(job -> ids.add(fresh(job).currentRun().orElseThrow().remoteId()));
        return ids;
    }

    private Job fresh(Job job) {
        return jobs.findById(job.id()).orElseThrow();
    }

    private JobState state(Job job) {
        return fresh(job).state();
    }
}
