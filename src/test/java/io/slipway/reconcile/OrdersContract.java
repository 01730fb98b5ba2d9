package io.slipway.reconcile;

import static io.slipway.jobs.JobFixtures.PROJECT;
import static io.slipway.jobs.JobFixtures.aReceivedJob;
import static io.slipway.jobs.JobFixtures.aSpec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.ulid.UlidCreator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.PersistenceTest;
import io.slipway.artifacts.Artifact;
import io.slipway.artifacts.Artifacts;
import io.slipway.aws.ClusterScript;
import io.slipway.aws.EmrFault;
import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedEmr.MadeCluster;
import io.slipway.aws.StepScript;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.Clusters;
import io.slipway.compute.emr.OrderedEmr;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.ClusterOrderEvent;
import io.slipway.provision.EndedOrders;
import io.slipway.provision.OrderBook;
import io.slipway.provision.OrderState;
import io.slipway.provision.OrderTransactions;
import io.slipway.provision.OrderWishes;
import io.slipway.provision.OrphanedCluster;
import io.slipway.provision.OrphanedClusters;
import io.slipway.provision.TestOrders;
import io.slipway.provision.TooManyClusters;
import io.slipway.provision.UnknownOrphan;
import io.slipway.provision.emr.EmrOrders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/** Clusters are made when jobs wait, once for each order, and end when nothing needs them: the whole loop against the simulated EMR. */
@PersistenceTest
@Import({
    io.slipway.jobs.JobTransactions.class,
    ClusterSightings.class,
    TurnedLoop.Table.class,
    OrderTransactions.class,
    TestOrders.class,
    OrphanedClusters.class,
    EndedOrders.class,
    SimpleMeterRegistry.class
})
abstract class OrdersContract {

    private static final String NAME = "spark";
    private static final Duration STEP = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofHours(2);

    @Autowired
    private TurnedLoop.Table table;

    @Autowired
    private TestOrders orders;

    @Autowired
    private Artifacts artifacts;

    @Autowired
    private OrphanedClusters orphans;

    @Autowired
    private EndedOrders ended;

    @Autowired
    private JdbcTemplate jdbc;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));
    private OrderedEmr account;
    private TurnedLoop loop;
    private KillingProvider provider;

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
    private void restart(Map<String, String> template) {
        provider = new KillingProvider(EmrOrders.provider(account, template));
        loop = new TurnedLoop(
                table,
                new TurnedLoop.Orders(provider, orders.book(provider), orders.transactions()),
                Clusters.of(List.of(account.compute(NAME, orders.ready(provider)))),
                () -> true,
                new SimpleMeterRegistry(),
                clock);
    }

    private Job submit() {
        Job job = table.transactions().insert(aReceivedJob(aSpec(1, null, null), NAME));
        return table.transactions().apply(job.id(), fresh -> fresh.queued(clock.instant()));
    }

    private List<Job> submit(int count) {
        return IntStream.range(0, count).mapToObj(i -> submit()).toList();
    }

    private JobState state(Job job) {
        return table.jobs().findById(job.id()).orElseThrow().state();
    }

    private void pass(Duration time) {
        Instant until = clock.instant().plus(time);
        while (clock.instant().isBefore(until)) {
            loop.tick();
            clock.advance(STEP);
        }
        loop.tick();
    }

    private List<MadeCluster> made() {
        return account.emr.madeClusters();
    }

    private List<OrderState> states() {
        return orders.orders().findByStateInOrderByKey(List.of(OrderState.values())).stream()
                .map(ClusterOrder::state)
                .toList();
    }

    private OrderBook book() {
        return orders.book(provider);
    }

    @Test
    void nothingIsOrderedWhileNoJobWaits() {
        pass(Duration.ofMinutes(5));

        assertThat(account.emr.calls()).isEmpty();
    }

    @Test
    void aFactIsAppliedAgainWhenTheOrderChangedMeanwhile() {
        submit();
        pass(Duration.ofMinutes(6));
        String key = orders.orders()
                .findByStateInOrderByKey(List.of(OrderState.READY))
                .get(0)
                .key();
        AtomicInteger tries = new AtomicInteger();
        orders.transactions().apply(key, fresh -> {
            if (tries.incrementAndGet() == 1) {
                CompletableFuture.runAsync(() -> orders.transactions().apply(key, other -> other.used(7)))
                        .join();
            }
            fresh.idleSince(clock.instant());
        });

        ClusterOrder order = orders.orders().findByKey(key).orElseThrow();
        assertThat(tries).hasValue(2);
        assertThat(order.instanceHours()).isEqualTo(7);
        assertThat(order.idleSince()).isEqualTo(clock.instant());
    }

    @Test
    void aWaitingJobGetsAClusterAndTheClusterEndsWhenItIsIdle() {
        Job job = submit();

        pass(Duration.ofMinutes(2));
        assertThat(states()).containsExactly(OrderState.STARTING);
        assertThat(state(job)).isEqualTo(JobState.QUEUED);
        assertThat(book().waitFor(NAME)).hasValueSatisfying(wait -> {
            assertThat(wait.state()).isEqualTo("STARTING");
            assertThat(wait.since()).isEqualTo("2026-01-05T12:00:00Z");
        });

        pass(Duration.ofMinutes(4));
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(states()).containsExactly(OrderState.READY);
        assertThat(book().waitFor(NAME)).isEmpty();

        pass(Duration.ofMinutes(12));
        assertThat(states()).as("idle for less than 15 minutes").containsExactly(OrderState.READY);
        pass(Duration.ofMinutes(8));
        assertThat(states()).containsExactly(OrderState.ENDED);
        assertThat(made()).extracting(MadeCluster::state).containsExactly("TERMINATED");
    }

    @Test
    void theNextJobTakesTheClusterThatIsThere() {
        submit();
        pass(Duration.ofMinutes(8));
        Job next = submit();
        pass(Duration.ofMinutes(2));

        assertThat(state(next)).isEqualTo(JobState.SUCCEEDED);
        assertThat(made()).hasSize(1);
    }

    @Test
    void manyJobsNeverGetMoreClustersThanThereMayBe() {
        restart(Map.of("most", "2"));
        account.emr.script(name -> StepScript.succeedsAfter(Duration.ofMinutes(3)));
        List<Job> all = submit(9);

        for (int minute = 0; minute < 60; minute++) {
            pass(Duration.ofMinutes(1));
            assertThat(made().stream().filter(each -> each.endedAt() == null)).hasSizeLessThanOrEqualTo(2);
        }

        assertThat(all).allSatisfy(job -> assertThat(state(job)).isEqualTo(JobState.SUCCEEDED));
        assertThat(made())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.steps()).isPositive());
        assertThat(account.emr.duplicates()).isEmpty();
        assertThat(states()).containsOnly(OrderState.ENDED);
    }

    @Test
    void eachJobGetsAClusterOfItsOwnWhereTheTemplateSaysSo() {
        restart(Map.of("most", "3", "per", "job"));
        List<Job> all = submit(4);
        pass(Duration.ofMinutes(25));

        assertThat(all).allSatisfy(job -> assertThat(state(job)).isEqualTo(JobState.SUCCEEDED));
        assertThat(made())
                .hasSize(4)
                .allSatisfy(each -> assertThat(each.steps()).isEqualTo(1))
                .allSatisfy(each -> assertThat(each.state()).isEqualTo("TERMINATED"));
    }

    @Test
    void aClusterOfOneJobIsNoOthersHoweverSoonThatJobEnds() {
        restart(Map.of("most", "1", "per", "job"));
        Job first = submit();
        Job second = submit();
        for (int i = 0; i < 60 && state(first) == JobState.QUEUED; i++) {
            clock.advance(STEP);
            loop.tick();
        }
        // Its end is known before the loop comes to the orders again.
        table.transactions()
                .apply(first.id(), job -> job.failed(new Reason(Reason.Code.LOST, "it is over"), clock.instant()));
        pass(Duration.ofMinutes(1));

        assertThat(state(second)).isEqualTo(JobState.QUEUED);
        assertThat(book().waitFor(NAME))
                .hasValueSatisfying(wait -> assertThat(wait.state()).isIn("DRAINING", "ENDING", "WANTED"));
        pass(Duration.ofMinutes(15));
        assertThat(state(second)).isEqualTo(JobState.SUCCEEDED);
        assertThat(made())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.steps()).isEqualTo(1));
    }

    @Test
    void aJobWaitsWhereEachClusterIsAnotherJobs() {
        restart(Map.of("most", "1", "per", "job"));
        account.emr.script(name -> StepScript.succeedsAfter(LONG));
        Job first = submit();
        pass(Duration.ofMinutes(6));
        submit();
        pass(Duration.ofMinutes(2));

        assertThat(book().waitFor(NAME)).hasValueSatisfying(wait -> {
            assertThat(wait.state()).isEqualTo("IN_USE");
            assertThat(wait.owners()).containsExactly(first.id().value());
        });
    }

    @Test
    void noClusterEndsBeforeItsLastJob() {
        restart(Map.of("longest-life", "10m"));
        account.emr.script(name -> StepScript.succeedsAfter(LONG));
        Job job = submit();
        pass(Duration.ofMinutes(30));
        assertThat(states()).as("older than its longest life, and a job runs").containsExactly(OrderState.DRAINING);
        Job late = submit();
        pass(Duration.ofMinutes(30));
        assertThat(state(late)).as("it gets no more jobs").isEqualTo(JobState.QUEUED);

        pass(Duration.ofMinutes(75));
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(made().get(0).state()).isEqualTo("TERMINATED");
    }

    @Test
    void aChangedTemplateDrainsWhatWasMadeByTheOldOne() {
        account.emr.script(name -> StepScript.succeedsAfter(Duration.ofMinutes(20)));
        Job running = submit();
        pass(Duration.ofMinutes(6));
        restart(Map.of("instances.core.count", "5"));
        Job next = submit();
        pass(Duration.ofMinutes(50));

        assertThat(state(running)).isEqualTo(JobState.SUCCEEDED);
        assertThat(state(next)).isEqualTo(JobState.SUCCEEDED);
        assertThat(made())
                .extracting(each -> each.request()
                        .at("/Instances/InstanceGroups/1/InstanceCount")
                        .asInt())
                .containsExactly(2, 5);
    }

    @Test
    void whatDoesNotDrainIsNoChangeOfTheCluster() {
        submit();
        pass(Duration.ofMinutes(6));
        restart(Map.of("most", "3", "boot-limit", "30m"));
        pass(Duration.ofMinutes(2));

        assertThat(states()).containsExactly(OrderState.READY);
    }

    /** What the call does, and what its caller hears. */
    enum Weather {
        ERROR_AFTER_ALL(EmrFault.errorAfterAll()),
        ERROR(EmrFault.error()),
        CLOSED_AFTER_ALL(EmrFault.closedAfterAll()),
        CLOSED(EmrFault.closed()),
        THROTTLED(EmrFault.throttled()),
        THROTTLED_AFTER_ALL(EmrFault.throttledAfterAll());

        private final EmrFault fault;

        Weather(EmrFault fault) {
            this.fault = fault;
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnclearOrderIsLookedUpAndMadeOnce(Weather weather) {
        account.emr.clusterListingLag(Duration.ofMinutes(1));
        account.emr.failNext("RunJobFlow", weather.fault);
        Job job = submit();
        pass(Duration.ofMinutes(14));

        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(made()).hasSize(1);
        assertThat(states()).containsExactly(OrderState.READY);
    }

    @Test
    void ofTwoClustersOfOneOrderTheOlderStays() {
        account.emr.failNext("RunJobFlow", EmrFault.errorAfterAll());
        submit();
        loop.tick();
        account.emr.runAgain(0);
        pass(Duration.ofMinutes(6));

        assertThat(made()).extracting(MadeCluster::state).containsExactly("WAITING", "TERMINATED");
        assertThat(states()).containsExactly(OrderState.READY);
    }

    /** Where the process may be killed. */
    enum Point {
        BEFORE_ORDER,
        AFTER_ORDER,
        BEFORE_LISTING,
        AFTER_LISTING,
        BEFORE_LOOK,
        AFTER_LOOK,
        BEFORE_END,
        AFTER_END
    }

    @ParameterizedTest
    @EnumSource
    void whereverTheProcessIsKilledNoClusterIsMadeTwiceOrLeftBehind(Point point) {
        if (point == Point.BEFORE_LISTING || point == Point.AFTER_LISTING) {
            account.emr.failNext("RunJobFlow", EmrFault.closedAfterAll());
        }
        provider.killAt(point);
        Job job = submit();
        boolean killed = false;
        Instant until = clock.instant().plus(Duration.ofMinutes(60));
        while (clock.instant().isBefore(until)) {
            try {
                pass(Duration.ofMinutes(1));
            } catch (KillingProvider.Killed kill) {
                killed = true;
                restart(Map.of());
            }
        }

        assertThat(killed).isTrue();
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(made())
                .hasSize(1)
                .allSatisfy(each -> assertThat(each.state()).isEqualTo("TERMINATED"));
        assertThat(states()).containsOnly(OrderState.ENDED);
    }

    @Test
    void aFailureIsToldAndTheNextSubnetIsTried() {
        restart(Map.of("subnet-ids[0]", "subnet-0aaa1", "subnet-ids[1]", "subnet-0bbb2"));
        account.emr.clusterScript(name -> made().isEmpty()
                ? ClusterScript.noCapacity(Duration.ofMinutes(2))
                : ClusterScript.readyAfter(Duration.ofMinutes(3)));
        Job job = submit();
        pass(Duration.ofSeconds(150));
        assertThat(book().waitFor(NAME))
                .hasValueSatisfying(wait -> assertThat(wait.message())
                        .containsOnlyOnce("no capacity for the instance type m7g.xlarge")
                        .contains("tried again at"));

        pass(Duration.ofMinutes(8));
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
        assertThat(made())
                .extracting(each -> each.request().at("/Instances/Ec2SubnetId").asString())
                .containsExactly("subnet-0aaa1", "subnet-0bbb2");
    }

    @Test
    void afterThreeFailuresNothingIsOrderedUntilAPersonResumes() {
        account.emr.clusterScript(name -> ClusterScript.bootstrapFails(Duration.ofMinutes(2)));
        Job job = submit();
        pass(Duration.ofMinutes(60));
        assertThat(made()).hasSize(3);
        assertThat(state(job)).isEqualTo(JobState.QUEUED);
        assertThat(book().waitFor(NAME)).hasValueSatisfying(wait -> {
            assertThat(wait.state()).isEqualTo("PAUSED");
            assertThat(wait.message()).contains("bootstrap action 1 returned a non-zero return code", "/resume");
        });

        account.emr.clusterScript(name -> ClusterScript.readyAfter(Duration.ofMinutes(2)));
        orders.wishes(provider, clock).resume(NAME, "olga");
        pass(Duration.ofMinutes(5));
        assertThat(state(job)).isEqualTo(JobState.SUCCEEDED);
    }

    @Test
    void aFailedBootstrapActionIsToldWithItsLastLines() throws IOException {
        account.emr.clusterScript(name -> ClusterScript.bootstrapFails(Duration.ofMinutes(2)));
        submit();
        pass(Duration.ofMinutes(4));
        assertThat(states()).as("its log may still come").containsExactly(OrderState.STARTING);

        String folder = "emr/" + made().get(0).id() + "/node/i-0abc/bootstrap-actions/1/";
        account.s3.put("my-logs", folder + "stderr.gz", gzip("x\n".repeat(50) + "ERROR: No matching distribution\n"));
        pass(Duration.ofMinutes(1));

        assertThat(book().waitFor(NAME))
                .hasValueSatisfying(wait -> assertThat(wait.message())
                        .contains(
                                "bootstrap action 1 returned a non-zero return code",
                                "ERROR: No matching distribution"));
        pass(Duration.ofMinutes(15));
        assertThat(states())
                .as("a log that never comes delays the failure alone")
                .hasSizeGreaterThan(1);
        assertThat(orders.orders().findByStateInOrderByKey(List.of(OrderState.FAILED)))
                .last()
                .satisfies(order -> assertThat(order.reason()).contains("non-zero return code"));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void whatEmrRefusesIsAFailureWithItsWords() {
        account.emr.clusterScript(name -> ClusterScript.refused("The subnet does not exist."));
        submit();
        pass(Duration.ofMinutes(30));

        assertThat(states()).containsExactly(OrderState.FAILED, OrderState.FAILED, OrderState.FAILED);
        assertThat(book().waitFor(NAME).orElseThrow().message()).contains("The subnet does not exist.");
    }

    @Test
    void aClusterThatDoesNotBecomeReadyInTimeIsGivenUp() {
        account.emr.clusterScript(name -> ClusterScript.readyAfter(Duration.ofHours(9)));
        submit();
        pass(Duration.ofMinutes(49));

        assertThat(states().get(0)).isEqualTo(OrderState.FAILED);
        assertThat(made().get(0).state()).isEqualTo("TERMINATED");
    }

    @Test
    void aClusterThatSomebodyElseEndedIsOrderedAnewForTheJobsThatWait() {
        submit();
        pass(Duration.ofMinutes(6));
        account.emr.terminate(made().get(0).id(), "TERMINATED", "Terminated by user request");
        pass(Duration.ofMinutes(1));
        Job next = submit();
        pass(Duration.ofMinutes(8));

        assertThat(state(next)).isEqualTo(JobState.SUCCEEDED);
        assertThat(states()).containsExactly(OrderState.ENDED, OrderState.READY);
    }

    @Test
    void aPersonStartsAClusterBeforeAnyJobWaitsAndEndsIt() {
        OrderWishes wishes = orders.wishes(provider, clock);
        ClusterOrder started = wishes.start(NAME, "olga");
        assertThatThrownBy(() -> wishes.start(NAME, "olga")).isInstanceOf(TooManyClusters.class);
        pass(Duration.ofMinutes(6));
        assertThat(states()).containsExactly(OrderState.READY);

        wishes.terminate(started.key(), "olga");
        pass(Duration.ofMinutes(4));
        assertThat(states()).containsExactly(OrderState.ENDED);
        assertThat(book().eventsOf(started.key()))
                .extracting(ClusterOrderEvent::by)
                .startsWith("olga")
                .contains("slipway");
        assertThat(made()).extracting(MadeCluster::state).containsExactly("TERMINATED");
    }

    @Test
    void aReplicaThatDoesNotLeadOrdersNothing() {
        account.leads(false);
        submit();
        pass(Duration.ofMinutes(2));

        assertThat(account.emr.calls("RunJobFlow")).isEmpty();
        account.leads(true);
        pass(Duration.ofMinutes(2));
        assertThat(made()).hasSize(1);
    }

    @Test
    void namesAndTagsTellWhoseTheClusterIs() {
        submit();
        loop.tick();

        MadeCluster made = made().get(0);
        String key = orders.orders()
                .findByStateInOrderByKey(OrderState.notOver())
                .get(0)
                .key();
        assertThat(made.name()).isEqualTo("slipway-" + EmrOrders.INSTALLATION + "-spark-" + key);
        Map<String, String> tags = new HashMap<>();
        made.request()
                .path("Tags")
                .forEach(tag ->
                        tags.put(tag.path("Key").asString(), tag.path("Value").asString()));
        assertThat(tags)
                .containsEntry("slipway:order", key)
                .containsEntry("slipway:installation", EmrOrders.INSTALLATION)
                .containsEntry("for-use-with-amazon-emr-managed-policies", "true")
                .containsKey("slipway:template");
    }

    /** As the leader turns it. */
    private List<OrphanedCluster> orphans(boolean endsThem) {
        OrphanWatch watch = new OrphanWatch(
                provider,
                orphans,
                new OrphanSettings(Duration.ofMinutes(10), endsThem),
                new Alone(),
                new SimpleMeterRegistry(),
                clock);
        watch.turn();
        return orphans.all();
    }

    /** As if the database had been restored from before the cluster was ordered. */
    private void forgetOrders() {
        jdbc.update("delete from cluster_order_event");
        jdbc.update("delete from cluster_order");
    }

    @Test
    void clustersThatAnOrderOwnsAreNoOrphans() {
        account.emr.failNext("RunJobFlow", EmrFault.errorAfterAll());
        submit();
        loop.tick();
        assertThat(orphans(true)).as("not found yet").isEmpty();
        pass(Duration.ofMinutes(6));
        assertThat(orphans(true)).isEmpty();
        assertThat(states()).containsExactly(OrderState.READY);
    }

    @Test
    void aClusterWhoseOrderIsNotKnownIsToldAndEndedByAPersonAlone() {
        submit();
        pass(Duration.ofMinutes(6));
        String id = made().get(0).id();
        forgetOrders();

        assertThat(orphans(true)).singleElement().satisfies(orphan -> {
            assertThat(orphan.clusterId()).isEqualTo(id);
            assertThat(orphan.cluster()).isEqualTo(NAME);
            assertThat(orphan.why()).contains("is not known: the database may have been restored");
        });
        assertThat(made().get(0).state()).isEqualTo("WAITING");
        assertThatThrownBy(() -> orphans.terminate("j-SOMEBODYELSE", "olga", clock.instant()))
                .isInstanceOf(UnknownOrphan.class);

        orphans.terminate(id, "olga", clock.instant());
        assertThat(orphans(false))
                .singleElement()
                .extracting(OrphanedCluster::endWishedBy)
                .isEqualTo("olga");
        assertThat(made().get(0).state()).isEqualTo("TERMINATING");
        assertThat(orphans(false)).isEmpty();
    }

    @Test
    void aClusterThatComesAfterItsOrderHasEndedIsEndedBySettingAlone() {
        submit();
        pass(Duration.ofMinutes(30));
        assertThat(states()).containsExactly(OrderState.ENDED);
        account.emr.runAgain(0);

        assertThat(orphans(false)).hasSize(1);
        assertThat(made().get(1).state()).isEqualTo("STARTING");
        orphans(true);
        assertThat(made().get(1).state()).isEqualTo("TERMINATING");
        assertThat(orphans(true)).isEmpty();
    }

    @Test
    void aClusterThatIsOlderThanItsOrderIsLeftToAPerson() {
        submit();
        pass(Duration.ofMinutes(6));
        jdbc.update("update cluster_order set state = 'WANTED', cluster_id = null, intent_at = null");
        clock.advance(Duration.ofMinutes(10));
        submit();
        pass(Duration.ofMinutes(6));
        assertThat(made()).hasSize(2);

        assertThat(orphans(true))
                .singleElement()
                .extracting(OrphanedCluster::why)
                .asString()
                .contains("another cluster", "may have been restored");
        assertThat(made()).extracting(MadeCluster::state).containsExactly("WAITING", "WAITING");
    }

    @Test
    void clustersOfAnotherInstallationAreNobodysBusiness() {
        submit();
        pass(Duration.ofMinutes(6));
        forgetOrders();
        account.emr.named(
                made().get(0).id(), made().get(0).name().replace(EmrOrders.INSTALLATION, "ffffffff"), Map.of());

        assertThat(orphans(true)).isEmpty();
    }

    @Test
    void ordersThatEndedLongAgoLeaveButForTheLast() {
        for (int i = 0; i < 43; i++) {
            ClusterOrder order = orders.transactions()
                    .insert(ClusterOrder.wanted(
                            UlidCreator.getMonotonicUlid().toString(),
                            provider.templates().get(NAME),
                            0,
                            "olga",
                            clock.instant()));
            orders.transactions().apply(order.key(), fresh -> fresh.dropped("x", "olga", clock.instant()));
        }
        ClusterOrder open = orders.wishes(provider, clock).start(NAME, "olga");
        RetentionSettings settings =
                new RetentionSettings(Duration.ofDays(30), Duration.ofDays(1), 2, Duration.ofMinutes(10));
        OldOrders old = new OldOrders(ended, settings, new Alone(), clock);

        old.sweep();
        assertThat(states()).hasSize(44);
        clock.advance(Duration.ofDays(31));
        old.sweep();

        assertThat(states()).hasSize(40).contains(OrderState.WANTED);
        assertThat(book().list(NAME, null, 100)).hasSize(40);
        assertThat(book().list(NAME, open.key(), 2)).hasSize(2).allMatch(order -> order.state() == OrderState.ENDED);
        assertThat(jdbc.queryForObject("select count(*) from cluster_order_event", Long.class))
                .isEqualTo(39 * 2 + 1);
    }

    private static final class Alone implements Leadership {
        @Override
        public String self() {
            return "test";
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public long term() {
            return 1;
        }
    }
}
