package io.slipway.api;

import io.slipway.compute.RunProgress;
import io.slipway.jobs.Job;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ETag of a job: it differs when anything of the job's story does, of what it waits for, or of how far it is. The last part stands
 * behind a dot, since it changes every other second and nobody waits for it.
 */
record JobTag(String story, String progress) {

    static JobTag of(Job job, @Nullable WaitingForView waitingFor, Optional<RunProgress> progress) {
        return new JobTag(
                job.version() + (waitingFor == null ? "" : "-" + shortened(text(waitingFor))),
                progress.map(known -> "." + shortened(text(known))).orElse(""));
    }

    /** The driver's own word; what this replica has worked out from two of them is none of it. */
    private static String text(RunProgress progress) {
        List<Object> parts = new ArrayList<>(
                Arrays.asList(progress.at(), progress.executors(), progress.activeJobs(), progress.activeStages()));
        progress.stages()
                .forEach(stage -> parts.addAll(List.of(stage.id(), stage.active(), stage.completed(), stage.failed())));
        return parts.toString();
    }

    private static String text(WaitingForView wait) {
        return String.join(
                "|",
                wait.kind(),
                String.valueOf(wait.state()),
                wait.since().toString(),
                wait.message(),
                wait.link() == null ? "" : wait.link().getPath());
    }

    /** Of a text: other hashes may differ from one JVM to the next, and clients ask any replica. */
    private static String shortened(String text) {
        return Integer.toHexString(text.hashCode());
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
