package io.slipway.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.jobs.EventDataColumn;
import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Note;
import io.slipway.jobs.Reason;
import io.slipway.jobs.feed.FeedEvent;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people read in the history of a job. */
class HistoryTextTest {

    @ParameterizedTest
    @EnumSource
    void everyNoteIsOneSentenceOrMore(Note.What what) {
        assertThat(text(new Note(what, Map.of()), null))
                .isNotBlank()
                .doesNotContain("null")
                .satisfiesAnyOf(
                        text -> assertThat(text).endsWith("."),
                        text -> assertThat(text).endsWith(": "));
    }

    @Test
    void whatHappenedIsSaidWithItsValues() {
        assertThat(text(
                        new Note(
                                Note.What.APPLICATION_FOUND,
                                Map.of("attempt", "2", "application", "application_1767614400000_0042")),
                        null))
                .isEqualTo("Attempt 2 is YARN application application_1767614400000_0042.");
        assertThat(text(new Note(Note.What.PROGRAM_ENDED, Map.of("exitCode", "3")), null))
                .isEqualTo("The driver says that the program has ended with exit code 3.");
        assertThat(text(new Note(Note.What.CLEANUP_AWAITED, Map.of("runsBefore", "2", "startsAgain", "true")), null))
                .startsWith("It is started again when")
                .contains("wait for 2 steps of others");
        assertThat(text(
                        new Note(
                                Note.What.REQUIREMENTS_LEFT_OUT,
                                Map.of("file", "requirements.txt", "why", "The index of packages is away.")),
                        null))
                .isEqualTo(
                        "It runs with the cluster's own packages: what requirements.txt names, which nobody asked for, is"
                                + " not installed. The index of packages is away.");
        assertThat(text(new Note(Note.What.WITHDRAWN, Map.of("hadBegun", "true")), null))
                .contains("had just begun");
    }

    @Test
    void aWishIsSaidAfterItsReason() {
        assertThat(text(new Note(Note.What.STOP_REQUESTED, Map.of()), "Cancelled by ann."))
                .isEqualTo("Cancelled by ann. It is being stopped.");
    }

    @Test
    void linesOfOtherVersionsStayReadable() {
        JobEvent.Data ofBefore = EventDataColumn.read("{\"attempt\":1}");
        JobEvent.Data ofLater =
                EventDataColumn.read("{\"attempt\":1,\"note\":{\"what\":\"NOT_KNOWN_YET\",\"values\":{\"a\":\"b\"}}}");
        JobEvent.Data bare = EventDataColumn.read("{\"attempt\":1,\"note\":{\"what\":\"PROGRAM_ENDED\"}}");

        assertThat(HistoryText.of(change(ofBefore, "Said by an earlier version.")))
                .isEqualTo("Said by an earlier version.");
        assertThat(HistoryText.of(change(ofLater, null))).isNull();
        assertThat(HistoryText.of(change(bare, null))).isEqualTo("The driver says that the program has ended.");
        assertThat(HistoryText.of(change(null, null))).isNull();
    }

    @Test
    void aTextNeverGetsTooLong() {
        assertThat(text(new Note(Note.What.STOP_REQUESTED, Map.of()), "x".repeat(Reason.LONGEST)))
                .hasSize(Reason.LONGEST);
    }

    private static @Nullable String text(Note note, @Nullable String message) {
        return HistoryText.of(change(new JobEvent.Data(1, null, null, note), message));
    }

    private static FeedEvent.Change change(JobEvent.@Nullable Data data, @Nullable String message) {
        return new FeedEvent.Change(
                Instant.EPOCH, JobState.RUNNING, JobState.RUNNING, null, message, "slipway", null, data);
    }
}
