package io.slipway.api.stream;

import io.slipway.control.HistoryText;
import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import io.slipway.jobs.feed.FeedEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One change of some job, as lists and streams show it. */
@Schema(name = "FeedEvent")
public record FeedEventView(
        @Schema(description = "Its position among the events of all jobs; grows, with gaps. `Last-Event-ID` takes it.")
        long position,

        Subject job,
        Instant at,

        @Schema(description = "null for a job's first line.") @Nullable
        JobState from,

        @Schema(description = "The same as `from` for a line that changed no state: a wish, what the cluster said.")
        JobState to,

        @Schema(
                description =
                        "STATE: the job is in another state. CAUSE: what the logs of a failed run say about why it"
                                + " failed; they may come minutes after the end. NOTE: everything else.")
        JobEvent.Kind kind,

        Reason.@Nullable Code reason,
        @Nullable String message,

        @Schema(description = "Of a line of kind CAUSE, when the program left an error.") @Nullable
        CauseView cause,

        @Schema(description = "Of the project's process; of a line of kind CAUSE, when a log shows it.") @Nullable
        Integer exitStatus,

        @Schema(description = "`slipway`, or the owner who asked for it.")
        String by) {

    /** Whose change it is. */
    @Schema(name = "FeedEventJob")
    public record Subject(String id, String name, String owner, String cluster) {}

    public static FeedEventView of(FeedEvent event) {
        FeedEvent.Subject job = event.job();
        FeedEvent.Change change = event.change();
        return new FeedEventView(
                event.position(),
                new Subject(job.id().value(), job.name(), job.owner().value(), job.cluster()),
                change.at(),
                change.from(),
                change.to(),
                JobEvent.Kind.of(change.kind(), change.from(), change.to()),
                change.reason(),
                HistoryText.of(change),
                CauseView.of(change.data()),
                CauseView.exitStatus(change.data()),
                change.by());
    }
}
