package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.aws.SimulatedEmr.MadeCluster;
import io.slipway.aws.StepScript;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.ClusterOrderEvent;
import io.slipway.provision.OrderState;
import io.slipway.provision.OrderWishes;
import io.slipway.provision.TooManyClusters;
import io.slipway.provision.emr.EmrOrders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clusters are made when jobs wait, once for each order, and end when nothing needs them: the whole loop against the simulated EMR. */
abstract class OrdersContract extends OrdersTesting {
    @Test
    void nothingIsOrderedWhileNoJobWaits() {
        pass(Duration.ofMinutes(5));

        assertThat(account.emr.calls()).isEmpty();
    }

    @Test
    void aFactIsAppliedAgainWhenTheOrderChangedMeanwhile() {
        submit();
        pass(Duration.ofMinutes(7));
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
    void aBuildThatBeginsWhileItsClusterIsLookedAtDoesNotHaveAnotherOneOrdered() {
        restart(Map.of("most", "2", "per", "job"));
        loop.builds().set(Map.of(NAME, BuildSlots.Load.NONE.plus(false, null)));
        pass(Duration.ofMinutes(6));
        assertThat(states()).containsExactly(OrderState.READY);
        String machine = made().get(0).id();
        provider.onLook(() -> loop.builds().set(Map.of(NAME, BuildSlots.Load.NONE.plus(true, machine))));

        pass(Duration.ofMinutes(5));

        assertThat(made()).hasSize(1);
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
        OldOrders old = new OldOrders(ended, settings, new TestLeader(() -> true), clock);

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
}
