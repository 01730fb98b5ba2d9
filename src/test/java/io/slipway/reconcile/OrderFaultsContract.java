package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.aws.ClusterScript;
import io.slipway.aws.EmrFault;
import io.slipway.aws.SimulatedEmr.MadeCluster;
import io.slipway.aws.StepScript;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.provision.OrderState;
import io.slipway.provision.OrphanedCluster;
import io.slipway.provision.UnknownOrphan;
import io.slipway.provision.emr.EmrOrders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong with orders: lost answers, kills at each point, failures of EMR, clusters that nobody ordered. */
abstract class OrderFaultsContract extends OrdersTesting {
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
        pass(Duration.ofMinutes(2));
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

    /** As the leader turns it. */
    private List<OrphanedCluster> orphans(boolean endsThem) {
        OrphanWatch watch = new OrphanWatch(
                provider,
                orphans,
                new OrphanSettings(Duration.ofMinutes(10), endsThem),
                new TestLeader(() -> true),
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
}
