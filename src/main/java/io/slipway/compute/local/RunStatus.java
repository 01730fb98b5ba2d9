package io.slipway.compute.local;

import io.slipway.jobs.Reason;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.RunReport.Phase;
import io.slipway.jobs.SubmissionKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended, as its supervisor wrote it down.
 *
 * @param exitStatus of the project's process; {@code null} when a signal ended it
 * @param signal its name, {@code SIGKILL}
 * @param cancelled we asked for the end
 * @param problem what went wrong outside the project
 */
record RunStatus(
        @Nullable Instant startedAt,
        Instant endedAt,
        @Nullable Integer exitStatus,
        @Nullable String signal,
        boolean cancelled,
        @Nullable Reason problem) {

    RunReport report(SubmissionKey submissionKey, @Nullable String remoteId, Instant lookedFrom) {
        Phase phase = phase();
        Reason reason = phase == Phase.FAILED ? reason() : null;
        return new RunReport(submissionKey, phase, remoteId, startedAt, endedAt, exitStatus, reason, lookedFrom);
    }

    private Phase phase() {
        if (cancelled) {
            return Phase.CANCELLED;
        }
        boolean good = problem == null && exitStatus != null && exitStatus == 0;
        return good ? Phase.SUCCEEDED : Phase.FAILED;
    }

    private Reason reason() {
        if (problem != null) {
            return problem;
        }
        if (exitStatus != null) {
            return new Reason(
                    Reason.Code.RUN_FAILED,
                    "The project exited with status " + exitStatus + ". Its stderr log usually says why.");
        }
        String hint = "SIGKILL".equals(signal) ? " The machine may have run out of memory." : "";
        return new Reason(Reason.Code.RUN_FAILED, "The project was ended by " + signal + "." + hint);
    }
}
