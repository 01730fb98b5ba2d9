package io.slipway.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/**
 * The error that ended a program, as its log shows it. A log is what a stranger wrote: everything is bounded here.
 *
 * @param type of the exception, as Python or Java names it; {@code null} where the log names none
 * @param message of the exception, without its type; may have several lines
 * @param file of the project where it was raised, or passed last: its path in the project; {@code null} when no frame is in the project
 * @param line in that file
 */
@Embeddable
public record Cause(
        @Column(name = "cause_type") @Nullable String type,
        @Column(name = "cause_message") String message,
        @Column(name = "cause_file") @Nullable String file,
        @Column(name = "cause_line") @Nullable Integer line) {

    private static final int LONGEST_TYPE = 300;
    private static final int LONGEST_FILE = 1024;

    public Cause {
        // A path that was cut would name another file.
        boolean isUsable = file != null && file.length() <= LONGEST_FILE;
        file = isUsable ? file : null;
        line = isUsable ? line : null;
        type = type == null ? null : Reason.cut(type, LONGEST_TYPE);
        message = Reason.cut(message, Reason.LONGEST);
    }

    /** The exception in a line, as Python prints it. */
    public String headline() {
        String first = message.lines().findFirst().orElse("");
        return type == null ? first : first.isEmpty() ? type : type + ": " + first;
    }
}
