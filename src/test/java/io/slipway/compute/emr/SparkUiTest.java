package io.slipway.compute.emr;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.slipway.compute.RunOrder;
import io.slipway.compute.SparkUi;
import io.slipway.compute.emr.client.CallBudget;
import io.slipway.compute.emr.client.EmrApi;
import io.slipway.compute.emr.client.EmrSettings;
import io.slipway.jobs.Application;
import io.slipway.jobs.RunRef;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SparkUiTest {

    private static final String APPLICATION = "application_1767614400000_0042";

    private EmrFixture fixture;
    private RunOrder run;

    @BeforeEach
    void start() throws IOException {
        fixture = new EmrFixture();
        RunOrder order = fixture.order("runs long");
        RunRef known = EmrFixture.known(order, fixture.start(order));
        run = new RunOrder(
                new RunRef(
                        known.submissionKey(),
                        known.remoteId(),
                        known.intentAt(),
                        null,
                        new Application(APPLICATION, true)),
                order.jobName(),
                order.plan());
        fixture.emr.forgetCalls();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void ofARunThatGoesOnItIsOnTheCluster() {
        assertThat(fixture.compute.output().sparkUi(run, null)).isInstanceOf(SparkUi.Coming.class);
        assertThat(ready(null).uri().toString())
                .startsWith("https://" + EmrFixture.CLUSTER)
                .contains("ApplicationMaster/" + APPLICATION);
        assertThat(fixture.emr.calls()).hasSize(1);
    }

    @Test
    void ofARunThatEndedItIsInTheHistoryServerWhichIsMadeFirst() {
        Instant ended = fixture.clock.instant();
        SparkUi early = fixture.compute.output().sparkUi(run, ended);
        assertThat(early).isInstanceOf(SparkUi.Coming.class);
        assertThat(((SparkUi.Coming) early).askAgain()).isEqualTo(Duration.ofMinutes(2));
        assertThat(fixture.emr.calls()).isEmpty();

        fixture.clock.advance(Duration.ofMinutes(3));
        await().atMost(10, SECONDS)
                .until(() -> fixture.compute.output().sparkUi(run, ended) instanceof SparkUi.Coming coming
                        && coming.message().contains("STARTING"));
        fixture.clock.advance(Duration.ofSeconds(20));
        assertThat(ready(ended).uri().toString()).contains("/shs/history/" + APPLICATION);
        assertThat(fixture.emr.calls("CreatePersistentAppUI")).hasSize(1);
        assertThat(fixture.emr.calls("DescribeCluster")).hasSize(1);
    }

    @Test
    void aLinkIsKeptForAMinuteAndThenMadeAnew() {
        String first = ready(null).uri().toString();
        fixture.clock.advance(Duration.ofSeconds(59));
        assertThat(ready(null).uri().toString()).isEqualTo(first);
        fixture.clock.advance(Duration.ofSeconds(2));
        assertThat(fixture.compute.output().sparkUi(run, null)).isInstanceOf(SparkUi.Coming.class);
        assertThat(ready(null).uri().toString()).isNotEqualTo(first);
        assertThat(ready(null).toString()).as("in a log").doesNotContain("secret");
    }

    @Test
    void aRefusalIsToldInEmrsWords() {
        fixture.emr.terminate(EmrFixture.CLUSTER, "TERMINATED", "by its user");
        await().atMost(10, SECONDS)
                .until(() -> fixture.compute.output().sparkUi(run, null) instanceof SparkUi.None none
                        && none.message().contains("not in a valid state"));
    }

    @Test
    void itsCallsHaveAShareOfTheirOwn() throws IOException {
        EmrSettings.Budget usual = EmrFixture.BUDGET;
        EmrSettings.Limit plenty = EmrFixture.PLENTY;
        EmrSettings.Budget budget = new EmrSettings.Budget(
                usual.total(), plenty, plenty, plenty, plenty, plenty, plenty, new EmrSettings.AppUi(2, 0.1));
        CallBudget calls = new CallBudget(budget, fixture.lease, fixture.clock, fixture.meters);
        for (int i = 0; i < 5; i++) {
            calls.tryTake(EmrApi.CREATE_PERSISTENT_APP_UI, CallBudget.Work.LINK, "j-1");
        }
        fixture.clock.advance(Duration.ofSeconds(20));
        assertThat(calls.tryTake(EmrApi.CREATE_PERSISTENT_APP_UI, CallBudget.Work.LINK, "j-1"))
                .isTrue();
        assertThat(calls.left())
                .filteredOn(each -> each.api().equals("CreatePersistentAppUI"))
                .allSatisfy(each -> assertThat(each.most()).isEqualTo(2));
        assertThat(calls.left().get(0).api()).isEqualTo("all");
    }

    private SparkUi.Ready ready(Instant endedAt) {
        await().atMost(10, SECONDS)
                .until(() -> fixture.compute.output().sparkUi(run, endedAt) instanceof SparkUi.Ready);
        return (SparkUi.Ready) fixture.compute.output().sparkUi(run, endedAt);
    }
}
