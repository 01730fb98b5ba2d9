package io.slipway.api;

import io.slipway.api.stream.CauseView;
import io.slipway.control.HistoryText;
import io.slipway.jobs.JobEvent;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Reason;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of a job's history. */
@Schema(name = "JobEvent")
record EventView(
        @Schema(
                description =
                        "Its position among the events of all jobs, which `Last-Event-ID` takes; null for a moment"
                                + " after the change.")
        @Nullable
        Long position,

        Instant at,

        @Schema(description = "null for the first line.") @Nullable
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

    static EventView of(JobEvent event) {
        return new EventView(
                event.position(),
                event.at(),
                event.from(),
                event.to(),
                event.kind(),
                event.reasonCode(),
                HistoryText.of(event),
                CauseView.of(event.data()),
                CauseView.exitStatus(event.data()),
                event.by());
    }
}
