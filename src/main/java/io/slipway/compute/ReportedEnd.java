package io.slipway.compute;

import io.slipway.jobs.ProgramEnd;
import org.jspecify.annotations.Nullable;

/**
 * What a driver said at the end of its program: a stranger's words, bounded.
 *
 * @param failure {@code null} where it ended by no exception
 */
public record ReportedEnd(ProgramEnd program, @Nullable Failure failure) {

    /**
     * @param type of the exception, as Python names it
     * @param traceback as Python prints it, with the files of the project by their paths in it; its end alone when it is long
     */
    public record Failure(String type, String message, String traceback) {}
}
