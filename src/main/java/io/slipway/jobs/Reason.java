package io.slipway.jobs;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a job is where it is: a code for programs and a sentence that a person can act on.
 *
 * @param message at most {@value #LONGEST} characters; longer ones are cut
 */
public record Reason(Code code, String message) {

    public static final int LONGEST = 2000;

    public Reason {
        message = cut(message, LONGEST);
    }

    /** The text, or as much of it as fits before an ellipsis; never half of a character. */
    public static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = longest - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    static @Nullable Reason of(@Nullable Code code, @Nullable String message) {
        return code == null ? null : new Reason(code, message == null ? "" : message);
    }

    /** What happened; {@link #mayRetry()} tells after which of them another attempt makes sense. */
    public enum Code {
        /** The program ended with an exit status other than 0, or its cluster says that the run failed. */
        RUN_FAILED,
        /** It was in RUNNING longer than its {@code timeout}. */
        TIMED_OUT,
        /** It did not start within its {@code queueTimeout}. */
        QUEUE_TIMED_OUT,
        CANCELLED_BY_USER,
        /** Something other than Slipway ended it: an operator on the cluster, a signal. */
        CANCELLED_ON_CLUSTER,
        /** The cluster ended while the run was on it. */
        CLUSTER_GONE,
        /** The cluster will not take this run, whatever happens next. */
        REJECTED_BY_CLUSTER,
        /** The run could not be prepared: its project or its interpreter was missing. */
        START_FAILED,
        /** What the project needs could not be installed; nothing was run. */
        ENVIRONMENT_FAILED,
        /** The run ended without leaving its exit status: its machine or its supervisor went away. */
        LOST,
        /** Only in the history: a second run was met under the key of the right one, and is being cancelled. */
        DUPLICATE_RUN,
        /** Whether the cluster took the run can no longer be found out; a person has to look. */
        SUBMISSION_UNKNOWN,
        /** How the run ended can no longer be found out; a person has to look. */
        OUTCOME_UNKNOWN,
        /** The client or the service went away before the upload was stored; nothing was accepted. */
        UPLOAD_INTERRUPTED,
        /** The project could not be fetched from where it was said to be, or what was fetched cannot become a job; nothing was run. */
        SOURCE_FAILED,
        /** One that this version of the service does not know: a newer replica wrote it, while the service is being updated. The message says it. */
        OTHER;

        private static final Map<String, Code> STORED = stored();

        private static Map<String, Code> stored() {
            Map<String, Code> stored = new HashMap<>();
            for (Code code : values()) {
                stored.put(code.name(), code);
            }
            // Earlier names, which older replicas still write.
            stored.put("STEP_FAILED", RUN_FAILED);
            stored.put("DUPLICATE_STEP", DUPLICATE_RUN);
            return stored;
        }

        /** The code of this name, the one that has taken its place, or {@link #OTHER}: what other replicas write must not end this one's look. */
        public static Code ofStored(String name) {
            return STORED.getOrDefault(name, OTHER);
        }

        /** Whether the program may have said itself why. */
        public boolean isTheProgramsOwn() {
            return this == RUN_FAILED;
        }

        /** Nobody could find out what became of the run. */
        boolean isUnknown() {
            return this == SUBMISSION_UNKNOWN || this == OUTCOME_UNKNOWN || this == LOST;
        }

        /** It may still run, or start, and no program can find that out. */
        boolean needsAPerson() {
            return this == SUBMISSION_UNKNOWN || this == OUTCOME_UNKNOWN;
        }

        /** Never after an unknown outcome (it may still run), a refusal (it would be refused again) or a wish to end it. */
        public boolean mayRetry() {
            return switch (this) {
                case RUN_FAILED, TIMED_OUT, CLUSTER_GONE, LOST, START_FAILED -> true;
                case QUEUE_TIMED_OUT,
                        CANCELLED_BY_USER,
                        CANCELLED_ON_CLUSTER,
                        REJECTED_BY_CLUSTER,
                        DUPLICATE_RUN,
                        ENVIRONMENT_FAILED,
                        SUBMISSION_UNKNOWN,
                        OUTCOME_UNKNOWN,
                        UPLOAD_INTERRUPTED,
                        SOURCE_FAILED,
                        OTHER -> false;
            };
        }
    }
}
