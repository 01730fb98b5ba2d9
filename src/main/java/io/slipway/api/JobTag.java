package io.slipway.api;

import io.slipway.compute.RunProgress;
import io.slipway.jobs.Job;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ETag of a job: it differs when anything of the job's story does, of what it waits for, or of how far it is. The last part stands
 * behind a dot, since it changes every other second and nobody waits for it.
 */
record JobTag(String story, String progress) {

    static JobTag of(Job job, @Nullable WaitingForView waitingFor, Optional<RunProgress> progress) {
        String waits = waitingFor == null ? "" : "-" + Integer.toHexString(waitingFor.hashCode());
        return new JobTag(
                job.version() + waits,
                progress.map(known -> "." + Integer.toHexString(known.hashCode()))
                        .orElse(""));
    }

    /** Whether an {@code If-None-Match} header names the job as it is. */
    boolean matches(@Nullable String ifNoneMatch) {
        return tags(ifNoneMatch).anyMatch(tag -> tag.equals("*") || tag.equals(toString()));
    }

    /** Whether the header names the job as it is, or was a moment ago when it was less far. */
    boolean isSameStory(@Nullable String ifNoneMatch) {
        return tags(ifNoneMatch)
                .anyMatch(tag -> tag.equals("*") || tag.equals(quoted(story)) || tag.startsWith("\"" + story + "."));
    }

    private static Stream<String> tags(@Nullable String ifNoneMatch) {
        return ifNoneMatch == null
                ? Stream.of()
                : Arrays.stream(ifNoneMatch.split(",")).map(tag -> tag.strip().replaceFirst("^W/", ""));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    /** As the header has it. */
    @Override
    public String toString() {
        return quoted(story + progress);
    }
}
