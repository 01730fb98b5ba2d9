package io.slipway.api;

import io.slipway.jobs.Job;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The ETag of a job: it differs when anything of the job's story does, or of what it waits for. */
final class JobTag {

    private JobTag() {}

    static String of(Job job, @Nullable WaitingForView waitingFor) {
        return waitingFor == null
                ? "\"" + job.version() + "\""
                : "\"" + job.version() + "-" + Integer.toHexString(waitingFor.hashCode()) + "\"";
    }

    /** Whether an {@code If-None-Match} header names the job as it is. */
    static boolean matches(@Nullable String ifNoneMatch, Job job, @Nullable WaitingForView waitingFor) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(","))
                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                        .anyMatch(tag -> tag.equals("*") || tag.equals(of(job, waitingFor)));
    }
}
