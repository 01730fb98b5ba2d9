package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.aws.MovableClock;
import io.slipway.compute.Turns;
import io.slipway.compute.emr.client.CallBudget;
import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.EmrApi;
import io.slipway.compute.emr.client.EmrSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens are few: who gets them, and that a look which runs out of them loses nothing. */
class CallBudgetTest {

    private static final EmrSettings.Limit LIMIT = new EmrSettings.Limit(8, 0.5);
    private static final EmrSettings.Budget BUDGET = new EmrSettings.Budget(
            new EmrSettings.Total(20, 5), LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT, new EmrSettings.AppUi(3, 0.1));

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));
    private final TestLease lease = new TestLease();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CallBudget budget = new CallBudget(BUDGET, lease, clock, meters);

    @Test
    void anApiHasItsBurstAndThenItsRate() {
        assertThat(taken("a", 20)).isEqualTo(8);
        clock.advance(Duration.ofSeconds(4));
        assertThat(taken("a", 20)).isEqualTo(2);
    }

    @Test
    void allApisShareTheTotal() {
        int taken = 0;
        for (EmrApi api : EmrApi.values()) {
            for (int i = 0; i < 8; i++) {
                taken += budget.tryTake(api, Work.LIVE, "a") ? 1 : 0;
            }
        }
        assertThat(taken).isEqualTo(20);
    }

    @Test
    void aTermThatBeginsFindsNoTokens() {
        lease.term = 2;
        assertThat(taken("a", 5)).isZero();
        clock.advance(Duration.ofSeconds(2));
        assertThat(taken("a", 5)).isEqualTo(1);
    }

    @Test
    void whoDoesNotLeadHasNoTokens() {
        lease.held = false;
        assertThat(taken("a", 5)).isZero();
        lease.held = true;
        assertThat(taken("a", 5)).isEqualTo(5);
    }

    @Test
    void theMoreUrgentWorkGoesFirstAndThenWhoWaitedLongest() {
        taken("a", 8);
        assertThat(budget.tryTake(EmrApi.LIST_STEPS, Work.LIVE, "first")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(budget.tryTake(EmrApi.LIST_STEPS, Work.LIVE, "second")).isFalse();
        assertThat(budget.tryTake(EmrApi.LIST_STEPS, Work.FINISHED, "third")).isFalse();
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clock.advance(Duration.ofSeconds(1));
            for (String who : List.of("second", "third", "first")) {
                Work work = who.equals("third") ? Work.FINISHED : Work.LIVE;
                if (!order.contains(who) && budget.tryTake(EmrApi.LIST_STEPS, work, who)) {
                    order.add(who);
                }
            }
        }
        assertThat(order).containsExactly("third", "first", "second");
    }

    @Test
    void everyFourthCallIsALookAtWhatIsLiveHoweverManyNewsThereAre() {
        taken("a", 8);
        int news = 0;
        int looks = 0;
        for (int second = 0; second < 240; second++) {
            clock.advance(Duration.ofSeconds(1));
            for (int cluster = 0; cluster < 5; cluster++) {
                news += budget.tryTake(EmrApi.LIST_STEPS, Work.TOLD, "news " + cluster) ? 1 : 0;
                looks += budget.tryTake(EmrApi.LIST_STEPS, Work.LIVE, "look " + cluster) ? 1 : 0;
            }
        }

        assertThat(news).isEqualTo(90);
        assertThat(looks).isEqualTo(30);
    }

    /** Of each cluster the state is asked for before its runs are. */
    @Test
    void whoAsksForClustersTakesNoTurnOfTheLooksAtRuns() {
        taken("a", 8);
        int looks = 0;
        for (int second = 0; second < 240; second++) {
            clock.advance(Duration.ofSeconds(1));
            for (int cluster = 0; cluster < 5; cluster++) {
                budget.tryTake(EmrApi.LIST_STEPS, Work.TOLD, "news " + cluster);
                budget.tryTake(EmrApi.DESCRIBE_CLUSTER, Work.LIVE, "look " + cluster);
                looks += budget.tryTake(EmrApi.LIST_STEPS, Work.LIVE, "look " + cluster) ? 1 : 0;
            }
        }

        assertThat(looks).isEqualTo(30);
    }

    @Test
    void whoWaitsForTheTokensOfOneApiKeepsNobodyFromAnother() {
        for (int i = 0; i < 8; i++) {
            assertThat(budget.tryTake(EmrApi.ADD_JOB_FLOW_STEPS, Work.SUBMIT, "a"))
                    .isTrue();
        }
        for (int cluster = 0; cluster < 100; cluster++) {
            assertThat(budget.tryTake(EmrApi.ADD_JOB_FLOW_STEPS, Work.SUBMIT, "waits " + cluster))
                    .isFalse();
        }
        assertThat(taken("b", 8)).isEqualTo(8);
    }

    @Test
    void aTokenIsNotKeptForSomebodyWhoWentAway() {
        taken("a", 8);
        assertThat(budget.tryTake(EmrApi.LIST_STEPS, Work.SUBMIT, "gone")).isFalse();
        clock.advance(Duration.ofSeconds(2));
        assertThat(budget.tryTake(EmrApi.LIST_STEPS, Work.LIVE, "here")).isFalse();
        clock.advance(Duration.ofSeconds(14));
        assertThat(budget.tryTake(EmrApi.LIST_STEPS, Work.LIVE, "here")).isTrue();
    }

    @Test
    void whatIsLeftCanBeMeasured() {
        taken("a", 8);
        assertThat(meters.get("slipway.emr.tokens")
                        .tag("api", "ListSteps")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void aLookThatRunsOutOfTokensGoesOnWhereItStopped() throws IOException {
        EmrSettings.Limit three = new EmrSettings.Limit(3, 0.5);
        EmrSettings few = new EmrSettings(
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                true,
                new EmrSettings.Budget(
                        new EmrSettings.Total(20, 5),
                        LIMIT,
                        LIMIT,
                        three,
                        LIMIT,
                        LIMIT,
                        LIMIT,
                        new EmrSettings.AppUi(3, 0.1)),
                true,
                new EmrSettings.Events(null));
        try (EmrFixture fixture = new EmrFixture(few, 256)) {
            var live = fixture.startAll("runs long", 220);
            assertThat(Turns.observe(fixture.compute, live)).isEmpty();
            fixture.clock.advance(Duration.ofSeconds(4));
            assertThat(Turns.observe(fixture.compute, live)).hasSize(220);
            assertThat(fixture.emr.calls("ListSteps")).hasSize(5);
        }
    }

    private int taken(String cluster, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += budget.tryTake(EmrApi.LIST_STEPS, Work.LIVE, cluster) ? 1 : 0;
        }
        return taken;
    }
}
