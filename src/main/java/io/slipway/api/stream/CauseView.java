package io.slipway.api.stream;

import io.slipway.jobs.JobEvent;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a run failed, as a line of the history has it. The traceback is with the job. */
@Schema(name = "EventCause")
public record CauseView(
        @Schema(description = "Of the exception, as Python or Java names it.", example = "ValueError") @Nullable
        String type,

        @Schema(example = "no prices for 2026-11-22") String message,

        @Schema(
                description = "Of the project; null when no frame of the traceback is in the project.",
                example = "jobs/load.py")
        @Nullable
        String file,

        @Schema(example = "42") @Nullable Integer line) {

    public static @Nullable CauseView of(JobEvent.@Nullable Data data) {
        return Optional.ofNullable(data)
                .map(JobEvent.Data::cause)
                .map(cause -> new CauseView(cause.type(), cause.message(), cause.file(), cause.line()))
                .orElse(null);
    }

    public static @Nullable Integer exitStatus(JobEvent.@Nullable Data data) {
        return data == null ? null : data.exitStatus();
    }
}
