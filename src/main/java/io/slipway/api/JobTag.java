package io.slipway.api;

import io.slipway.jobs.Job;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The ETag of a job: it differs when anything of the job's story does. */
final class JobTag {

    private JobTag() {}

    static String of(Job job) {
        return "\"" + job.version() + "\"";
    }

    /** Whether an {@code If-None-Match} header names the job as it is. */
    static boolean matches(@Nullable String ifNoneMatch, Job job) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(","))
                        .map(tag -> tag.strip().replaceFirst("^W/", ""))
                        .anyMatch(tag -> tag.equals("*") || tag.equals(of(job)));
    }
}
