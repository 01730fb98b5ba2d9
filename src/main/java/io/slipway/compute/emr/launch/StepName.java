package io.slipway.compute.emr.launch;

import io.slipway.jobs.SubmissionKey;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code <job name> [<submission key>]}: the only thing by which a step can be found whose id never arrived. Brackets are kept out of
 * the job's name, so that nobody can name a job after another one's key.
 */
public final class StepName {

    /** EMR's own limit. */
    static final int LONGEST = 256;

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9 ._:/-]* \\[([A-Za-z0-9][A-Za-z0-9._-]{0,99})]");
    // What EMR allows in a step's name is not written down; these it allows in every name that it has.
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9 ._:/-]+");

    private StepName() {}

    public static String of(String jobName, SubmissionKey submissionKey) {
        String suffix = " [" + submissionKey + "]";
        return cut(readable(jobName), LONGEST - suffix.length()) + suffix;
    }

    /** The submission key in the name of a step of ours; empty for other people's steps. */
    public static Optional<SubmissionKey> key(@Nullable String stepName) {
        Matcher matcher = SHAPE.matcher(stepName == null ? "" : stepName);
        return matcher.matches() ? Optional.of(new SubmissionKey(matcher.group(1))) : Optional.empty();
    }

    /** The name of the Spark application; without blanks, because runtime roles quote arguments once more. */
    static String ofApplication(String jobName, SubmissionKey submissionKey) {
        return cut(readable(jobName), 100).replace(' ', '_') + "-" + submissionKey;
    }

    private static String readable(String jobName) {
        String safe = UNSAFE.matcher(jobName).replaceAll("-").strip();
        return safe.isEmpty() ? "job" : safe;
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest).strip();
    }
}
