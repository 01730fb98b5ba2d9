package io.slipway.reconcile;

import static io.slipway.jobs.JobFixtures.PROJECT;
import static io.slipway.jobs.JobFixtures.aReceivedJob;
import static io.slipway.jobs.JobFixtures.aSpec;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.Artifacts;
import io.slipway.aws.ClusterScript;
import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedEmr.MadeCluster;
import io.slipway.compute.Clusters;
import io.slipway.compute.emr.OrderedEmr;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.EndedOrders;
import io.slipway.provision.OrderBook;
import io.slipway.provision.OrderState;
import io.slipway.provision.OrphanedClusters;
import io.slipway.provision.TestOrders;
import io.slipway.provision.emr.EmrOrders;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** A leader that orders clusters of a simulated EMR by a clock that tests move. */
@ReconcilePersistence
abstract class OrdersTesting {
    static final String NAME = "spark";

    static final Duration STEP = Duration.ofSeconds(60);

    static final Duration LONG = Duration.ofHours(2);

    @Autowired
    TurnedLoop.Table table;

    @Autowired
    TestOrders orders;

    @Autowired
    Artifacts artifacts;

    @Autowired
    OrphanedClusters orphans;

    @Autowired
    EndedOrders ended;

    @Autowired
    JdbcTemplate jdbc;

    final MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));

    OrderedEmr account;

    TurnedLoop loop;

    KillingProvider provider;

    @BeforeEach
    void start() throws IOException {
        List.of(
                        "cluster_order_event",
                        "cluster_order",
                        "cluster_resumption",
                        "orphaned_cluster",
                        "cleanup",
                        "job_event",
                        "job_label",
                        "run",
                        "job")
                .forEach(name -> jdbc.update("delete from " + name));
        artifacts.record(Artifact.of(PROJECT, 1, clock.instant()));
        account = new OrderedEmr(clock, new SimpleMeterRegistry());
        account.emr.clusterScript(name -> ClusterScript.readyAfter(Duration.ofMinutes(4)));
        restart(Map.of());
    }

    @AfterEach
    void stop() {
        account.close();
    }

    /** Another process on the same table, with the template changed so. */
    void restart(Map<String, String> template) {
        provider = new KillingProvider(EmrOrders.provider(account, template));
        loop = new TurnedLoop(
                table,
                new TurnedLoop.Orders(provider, orders.book(provider), orders.transactions()),
                Clusters.of(List.of(account.compute(NAME, orders.ready(provider)))),
                () -> true,
                new SimpleMeterRegistry(),
                clock);
    }

    Job submit() {
        Job job = table.transactions().insert(aReceivedJob(aSpec(1, null, null), NAME));
        return table.transactions().apply(job.id(), fresh -> fresh.queued(clock.instant()));
    }

    List<Job> submit(int count) {
        return IntStream.range(0, count).mapToObj(i -> submit()).toList();
    }

    JobState state(Job job) {
        return table.jobs().findById(job.id()).orElseThrow().state();
    }

    void pass(Duration time) {
        Instant until = clock.instant().plus(time);
        while (clock.instant().isBefore(until)) {
            loop.tick();
            clock.advance(STEP);
        }
        loop.tick();
    }

    List<MadeCluster> made() {
        return account.emr.madeClusters();
    }

    List<OrderState> states() {
        return orders.orders().findByStateInOrderByKey(List.of(OrderState.values())).stream()
                .map(ClusterOrder::state)
                .toList();
    }

    OrderBook book() {
        return orders.book(provider);
    }
}
