package io.slipway.compute.emr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.slipway.aws.MovableClock;
import io.slipway.aws.SimulatedSqs;
import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.emr.events.EventReader;
import io.slipway.compute.emr.events.StepEvents;
import io.slipway.jobs.SubmissionKey;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real SQS client against a stand-in of the queue. */
class StepEventsTest {

    private static final String CLUSTER = "j-2AXXXXXXGAPLF";

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-05T12:00:00Z"));
    private final List<ClusterEvent> told = new ArrayList<>();
    private final List<CompletableFuture<Void>> looks = new ArrayList<>();
    private SimulatedSqs queue;
    private StepEvents events;

    @BeforeEach
    void start() throws IOException {
        queue = SimulatedSqs.start(clock).withoutLongPolls();
        events = events(queue);
    }

    private static StepEvents events(SimulatedSqs queue) {
        return new StepEvents(
                EmrClusters.client(queue.endpoint()),
                queue.queueUrl(),
                new EventReader(id -> id.equals(CLUSTER) ? List.of("analytics") : List.of()));
    }

    @AfterEach
    void stop() {
        events.close();
        queue.close();
    }

    @Test
    void aMessageStaysInTheQueueUntilItsRunWasLookedAt() throws InterruptedException {
        queue.send(event("01J0-1"));
        poll();
        assertThat(told).extracting(ClusterEvent::submissionKey).containsExactly(new SubmissionKey("01J0-1"));
        poll();
        assertThat(queue.bodies()).hasSize(1);
        assertThat(queue.calls()).doesNotContain("DeleteMessageBatch");

        looks.get(0).complete(null);
        poll();
        assertThat(queue.bodies()).isEmpty();
        assertThat(told).hasSize(1);
    }

    @Test
    void whatCouldNotBeHandledComesAgainAndIsPutAsideAfterTooManyTimes() throws InterruptedException {
        queue.maxReceives(2);
        queue.send(event("01J0-1"));
        for (int time = 1; time <= 2; time++) {
            poll();
            assertThat(told).hasSize(time);
            looks.get(time - 1).completeExceptionally(new IllegalStateException("the database is away"));
            poll();
            assertThat(told).as("before the visibility time-out is over").hasSize(time);
            clock.advance(Duration.ofSeconds(61));
        }
        poll();
        assertThat(told).hasSize(2);
        assertThat(queue.dead()).hasSize(1);
    }

    @Test
    void whatIsNoNewsOfOursIsDeletedAtOnce() throws InterruptedException {
        queue.send("no json");
        queue.send(event("01J0-1").replace(CLUSTER, "j-OTHER"));
        queue.send(event("01J0-1").replace("[01J0-1]", "by hand"));
        poll();
        assertThat(told).isEmpty();
        assertThat(queue.bodies()).isEmpty();
    }

    @Test
    void oneMessageThatWaitsHoldsUpNoOther() throws InterruptedException {
        for (int i = 0; i < 25; i++) {
            queue.send(event("01J%d-1".formatted(i)));
        }
        for (int i = 0; i < 3; i++) {
            poll();
        }
        assertThat(told).hasSize(25);
        looks.subList(1, 25).forEach(look -> look.complete(null));
        poll();
        assertThat(queue.bodies())
                .containsExactly(event(told.get(0).submissionKey().value()));
    }

    @Test
    void aDeleteThatFailsOnlyMakesTheMessageComeAgain() throws InterruptedException {
        queue.failNext("DeleteMessageBatch", 10);
        queue.send("no json");
        Thread impatient = Thread.currentThread();
        CompletableFuture.delayedExecutor(1500, TimeUnit.MILLISECONDS).execute(impatient::interrupt);
        assertThatThrownBy(this::poll).isInstanceOf(InterruptedException.class);
        queue.failNext("DeleteMessageBatch", 0);
        clock.advance(Duration.ofSeconds(61));
        poll();
        assertThat(queue.bodies()).isEmpty();
    }

    @Test
    void aLongPollEndsWhenTheServiceStops() throws Exception {
        try (SimulatedSqs silent = SimulatedSqs.start(Clock.systemUTC());
                StepEvents patient = events(silent)) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            Thread listener = new Thread(() -> {
                try {
                    patient.poll(event -> new CompletableFuture<>());
                    ended.complete(null);
                } catch (InterruptedException stop) {
                    ended.completeExceptionally(stop);
                }
            });
            listener.start();
            await().until(() -> silent.calls().contains("ReceiveMessage"));
            listener.interrupt();
            patient.close();
            assertThatThrownBy(() -> ended.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
        }
    }

    private void poll() throws InterruptedException {
        try {
            events.poll(event -> {
                told.add(event);
                looks.add(new CompletableFuture<>());
                return looks.get(looks.size() - 1);
            });
        } catch (CompletionException failed) {
            throw new AssertionError("a look that fails is no failure of the queue", failed);
        }
    }

    private static String event(String key) {
        return """
            {"source":"aws.emr","detail-type":"EMR Step Status Change","detail":{"stepId":"s-1","name":"squares [%s]",
             "clusterId":"%s","state":"RUNNING"}}\
            """.formatted(key, CLUSTER);
    }
}
