package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.slipway.OnH2;
import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifacts;
import io.slipway.aws.EmrFault;
import io.slipway.aws.MovableClock;
import io.slipway.aws.StepScript;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.Clusters;
import io.slipway.compute.emr.EmrClusters;
import io.slipway.jobs.JobMetrics;
import io.slipway.jobs.JobTransactions;
import io.slipway.jobs.StoredJobs;
import io.slipway.jobs.StoredJobs.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.annotation.DirtiesContext;

/** What the engine measures, second by second of a time that stands still between them, as Prometheus reads it. */
@PersistenceTest
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
@Import({
    JobTransactions.class,
    ClusterSightings.class,
    TurnedLoop.Table.class,
    JobMetrics.class,
    EngineMetricsTest.Beans.class
})
@OnH2
@Tag("full")
class EngineMetricsTest {

    private static final String CLUSTER = EmrClusters.name(1);
    private static final Duration RUNS = Duration.ofSeconds(20);

    @TestConfiguration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        @Primary
        MovableClock standingClock() {
            return new MovableClock(StoredJobs.NOW);
        }

        @Bean
        PrometheusMeterRegistry meters() {
            return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        }
    }

    @Autowired
    private TurnedLoop.Table table;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private JobMetrics counts;

    @Autowired
    private MovableClock clock;

    @Autowired
    private PrometheusMeterRegistry meters;

    private EmrClusters clusters;
    private TurnedLoop loop;

    @BeforeEach
    void start() throws IOException {
        clusters = new EmrClusters(1, 2, Map.of(), meters, clock);
        clusters.emr.script(name ->
                name.startsWith("fails") ? StepScript.failsAfter(RUNS, "exit 1") : StepScript.succeedsAfter(RUNS));
        loop = new TurnedLoop(table, Clusters.of(clusters.computes), () -> true, meters, clock);
    }

    @AfterEach
    void stop() {
        clusters.close();
    }

    @Test
    void jobsAreCountedByStateAndTimedFromTheAnswerToTheClusterAndFromEmrsEndToTheRow() {
        queued("squares");
        queued("fails");
        queued("squares");
        tickAfter(3);
        counts.count();
        assertThat(jobsIn("PENDING")).isEqualTo(2);
        assertThat(jobsIn("QUEUED")).isEqualTo(1);
        Timer accepted = meters.get("slipway.job.accept").timer();
        assertThat(accepted.count()).isEqualTo(2);
        assertThat(accepted.totalTime(TimeUnit.SECONDS)).isEqualTo(6, within(0.01));

        // They begin a second after they were taken, and run for 20: the look at 28 finds what ended at 24.
        for (int look = 0; look < 5; look++) {
            tickAfter(5);
        }
        Timer ended = meters.get("slipway.job.observe.end").timer();
        assertThat(ended.count()).isEqualTo(2);
        assertThat(ended.totalTime(TimeUnit.SECONDS)).isEqualTo(8, within(0.01));
        assertThat(endedAs("SUCCEEDED", "NONE")).isEqualTo(1);
        assertThat(endedAs("FAILED", "RUN_FAILED")).isEqualTo(1);
        counts.count();
        assertThat(jobsIn("QUEUED")).isZero();
        assertThat(jobsIn("PENDING")).isEqualTo(1);
    }

    @Test
    void callsAreCountedByApiAndOutcomeAsEmrSawThem() {
        clusters.emr.failNext("AddJobFlowSteps", EmrFault.throttled());
        queued("squares");
        tickAfter(1);
        clusters.emr.failNext("ListSteps", EmrFault.throttled());
        clusters.emr.failNext("ListSteps", EmrFault.error());
        for (int look = 0; look < 3; look++) {
            tickAfter(5);
        }
        assertThat(calls("AddJobFlowSteps", "throttled")).isEqualTo(1);
        assertThat(calls("ListSteps", "throttled")).isEqualTo(1);
        assertThat(calls("ListSteps", "failed")).isEqualTo(1);
        for (String api : new String[] {"AddJobFlowSteps", "ListSteps", "DescribeCluster"}) {
            double all = meters.find("slipway.emr.calls").tag("api", api).counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
            assertThat(all)
                    .as(api)
                    .isPositive()
                    .isEqualTo(clusters.emr.calls(api).size());
        }
    }

    @Test
    void tokensAreWhatIsLeftOfTheBudget() {
        assertThat(tokens("DescribeCluster")).isEqualTo(8);
        assertThat(tokens("all")).isEqualTo(20);
        queued("squares");
        loop.tick();
        assertThat(clusters.emr.calls()).hasSize(3);
        assertThat(tokens("DescribeCluster")).isEqualTo(7);
        assertThat(tokens("AddJobFlowSteps")).isEqualTo(7);
        assertThat(tokens("ListSteps")).isEqualTo(8);
        assertThat(tokens("all")).isEqualTo(17);
        clock.advance(Duration.ofSeconds(3));
        assertThat(tokens("AddJobFlowSteps")).isEqualTo(8);
        assertThat(tokens("all")).isEqualTo(20);
    }

    @Test
    void stalenessIsTheAgeOfTheOldestLookAtALiveRun() {
        queued("squares");
        tickAfter(1);
        tickAfter(5);
        assertThat(staleness()).isZero();
        tickAfter(3);
        assertThat(staleness()).isEqualTo(3);
        clusters.emr.failNext("ListSteps", EmrFault.error());
        clusters.emr.failNext("ListSteps", EmrFault.error());
        clusters.emr.failNext("ListSteps", EmrFault.error());
        tickAfter(4);
        assertThat(staleness()).as("nothing was told").isEqualTo(7);
        tickAfter(5);
        assertThat(staleness()).isZero();
        for (int look = 0; look < 3; look++) {
            tickAfter(5);
        }
        assertThat(staleness()).as("nothing is live").isZero();
    }

    @Test
    void prometheusShowsAllOfThemUnderOneSetOfTagsEach() {
        queued("squares");
        tickAfter(1);
        tickAfter(5);
        counts.count();
        for (int look = 0; look < 5; look++) {
            tickAfter(5);
        }
        assertThat(meters.scrape())
                .contains(
                        "slipway_emr_calls_total{api=\"ListSteps\",outcome=\"ok\"}",
                        "slipway_emr_tokens{api=\"ListSteps\"}",
                        "slipway_staleness{cluster=\"cluster-1\"}",
                        "slipway_jobs{cluster=\"cluster-1\",state=\"RUNNING\"}",
                        "slipway_jobs_ended_total{cluster=\"cluster-1\",reason=\"NONE\",state=\"SUCCEEDED\"} 1.0",
                        "slipway_job_accept_seconds_count{cluster=\"cluster-1\"} 1",
                        "slipway_job_observe_end_seconds_count{cluster=\"cluster-1\"} 1");
    }

    private void tickAfter(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
        loop.tick();
    }

    private void queued(String name) {
        new StoredJobs(table.transactions(), artifacts)
                .queued(Wanted.of("ann").named(name).on(CLUSTER), clock.instant());
    }

    private double jobsIn(String state) {
        return meters.get("slipway.jobs").tag("state", state).gauge().value();
    }

    private double endedAs(String state, String reason) {
        return meters.get("slipway.jobs.ended")
                .tags("state", state, "reason", reason)
                .counter()
                .count();
    }

    private double calls(String api, String outcome) {
        return meters.get("slipway.emr.calls")
                .tags("api", api, "outcome", outcome)
                .counter()
                .count();
    }

    private double tokens(String api) {
        return meters.get("slipway.emr.tokens").tag("api", api).gauge().value();
    }

    private double staleness() {
        return meters.get("slipway.staleness").gauge().value();
    }
}
