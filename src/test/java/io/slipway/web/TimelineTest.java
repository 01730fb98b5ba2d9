package io.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobFixtures;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import io.slipway.web.Timeline.Line;
import io.slipway.web.Timeline.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private static final Instant START = Instant.parse("2030-01-02T03:04:05Z");
    private static final Instant MUCH_LATER = START.plusSeconds(86_400);

    private final List<JobEvent> events = new ArrayList<>();
    private int attempt = 1;

    @Test
    void saysHowLongAJobWasInEachState() {
        changes(0, null, JobState.RECEIVING);
        changes(1, JobState.RECEIVING, JobState.QUEUED);
        changes(6, JobState.QUEUED, JobState.SUBMITTING);
        changes(7, JobState.SUBMITTING, JobState.PENDING);
        changes(10, JobState.PENDING, JobState.RUNNING);
        changes(70, JobState.RUNNING, JobState.SUCCEEDED);

        Timeline timeline = Timeline.of(events, MUCH_LATER);

        assertThat(words(timeline)).containsExactly("Receiving", "Queued", "Submitting", "Pending", "Running");
        assertThat(timeline.spans())
                .extracting(Span::duration)
                .containsExactly("1.0 s", "5.0 s", "1.0 s", "3.0 s", "1 m 00 s");
        assertThat(timeline.spans()).extracting(Span::attempt).containsOnly(1);
        assertThat(timeline.spans()).extracting(Span::since).containsOnlyNulls();
        assertThat(timeline.total().words()).isEqualTo("1 m 10 s");
    }

    @Test
    void fillsItsBarInOrderAndShowsAlsoWhatTookNoTime() {
        changes(0, null, JobState.RECEIVING);
        changes(0, JobState.RECEIVING, JobState.QUEUED);
        changes(0, JobState.QUEUED, JobState.SUBMITTING);
        changes(5000, JobState.SUBMITTING, JobState.FAILED);

        List<Span> spans = Timeline.of(events, MUCH_LATER).spans();

        assertThat(spans).allMatch(span -> span.width() >= 2);
        for (int at = 1; at < spans.size(); at++) {
            Span before = spans.get(at - 1);
            assertThat(spans.get(at).x()).isGreaterThanOrEqualTo(before.x() + before.width());
        }
        Span last = spans.get(spans.size() - 1);
        assertThat(last.x() + last.width()).isBetween(Timeline.WIDTH - 3, Timeline.WIDTH);
    }

    @Test
    void tellsTheAttemptsApart() {
        changes(0, null, JobState.QUEUED);
        changes(1, JobState.QUEUED, JobState.SUBMITTING);
        changes(2, JobState.SUBMITTING, JobState.RUNNING);
        attempt = 2;
        changes(12, JobState.RUNNING, JobState.QUEUED, Reason.Code.RUN_FAILED);
        changes(15, JobState.QUEUED, JobState.SUBMITTING);
        changes(16, JobState.SUBMITTING, JobState.RUNNING);
        changes(36, JobState.RUNNING, JobState.SUCCEEDED);

        Timeline timeline = Timeline.of(events, MUCH_LATER);

        assertThat(timeline.spans()).extracting(Span::attempt).containsExactly(1, 1, 1, 2, 2, 2);
        assertThat(timeline.spans())
                .extracting(Span::duration)
                .containsExactly("1.0 s", "1.0 s", "10.0 s", "3.0 s", "1.0 s", "20.0 s");
        assertThat(timeline.lines().get(3).reason()).isEqualTo("RUN_FAILED");
    }

    @Test
    void takesWhatTheClusterDidNotTakeForNoAttempt() {
        changes(0, null, JobState.QUEUED);
        changes(1, JobState.QUEUED, JobState.SUBMITTING);
        changes(2, JobState.SUBMITTING, JobState.QUEUED, Reason.Code.START_FAILED);
        changes(7, JobState.QUEUED, JobState.SUBMITTING);
        changes(8, JobState.SUBMITTING, JobState.RUNNING);
        changes(9, JobState.RUNNING, JobState.SUCCEEDED);

        assertThat(Timeline.of(events, MUCH_LATER).spans())
                .extracting(Span::attempt)
                .containsOnly(1);
    }

    @Test
    void takesARunThatWasTakenBackFromTheClusterForNoAttempt() {
        changes(0, null, JobState.QUEUED);
        changes(1, JobState.QUEUED, JobState.SUBMITTING);
        changes(2, JobState.SUBMITTING, JobState.PENDING);
        changes(3, JobState.PENDING, JobState.QUEUED);
        changes(7, JobState.QUEUED, JobState.SUBMITTING);

        assertThat(Timeline.of(events, MUCH_LATER).spans())
                .extracting(Span::attempt)
                .containsOnly(1);
    }

    @Test
    void goesOnCountingWhileTheJobLives() {
        changes(0, null, JobState.QUEUED);
        changes(4, JobState.QUEUED, JobState.SUBMITTING);
        changes(5, JobState.SUBMITTING, JobState.RUNNING);

        Timeline timeline = Timeline.of(events, START.plusSeconds(25));

        Span running = timeline.spans().get(2);
        assertThat(running.duration()).isEqualTo("20.0 s");
        assertThat(running.since()).isEqualTo(START.plusSeconds(5).toString());
        assertThat(timeline.spans().subList(0, 2)).extracting(Span::since).containsOnlyNulls();
        assertThat(timeline.total().words()).isEqualTo("25.0 s");
    }

    @Test
    void aNoteIsALineAndNoTimeOfItsOwn() {
        changes(0, null, JobState.QUEUED);
        changes(1, JobState.QUEUED, JobState.RUNNING);
        events.add(JobFixtures.aNote(JobState.RUNNING, START.plusSeconds(3), "Cancelled by ann. It is being stopped."));
        changes(5, JobState.RUNNING, JobState.CANCELLED);
        events.add(JobFixtures.aNote(JobState.CANCELLED, START.plusSeconds(9), "What it left has ended."));

        Timeline timeline = Timeline.of(events, MUCH_LATER);

        assertThat(words(timeline)).containsExactly("Queued", "Running");
        assertThat(timeline.spans()).extracting(Span::duration).containsExactly("1.0 s", "4.0 s");
        assertThat(timeline.total().words()).isEqualTo("5.0 s");
        assertThat(timeline.lines()).extracting(Line::isNote).containsExactly(false, false, true, false, true);
        assertThat(timeline.lines().get(2).message()).contains("being stopped");
    }

    @Test
    void isEmptyForNoHistory() {
        assertThat(Timeline.of(List.of(), MUCH_LATER))
                .isEqualTo(new Timeline(List.of(), List.of(), new Timeline.Total("", null)));
    }

    private static List<String> words(Timeline timeline) {
        return timeline.spans().stream().map(span -> span.state().word()).toList();
    }

    private void changes(long second, JobState from, JobState to) {
        changes(second, from, to, null);
    }

    private void changes(long second, JobState from, JobState to, Reason.Code why) {
        events.add(JobFixtures.aChange(attempt, from, to, START.plusSeconds(second), why));
    }
}
