package io.slipway.vitals;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Ends the process when its memory is spent: which of its threads still do their work nobody knows then, and who watches the process
 * starts it again. {@code -XX:+ExitOnOutOfMemoryError} does the same in the image and in {@code quickstart}; a plain {@code java -jar}
 * cannot carry that option.
 */
final class OutOfMemory {

    /** The same as of {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int STATUS = 3;

    private static final int DEEPEST = 50;

    // Made while there is memory.
    private static final FileOutputStream CONSOLE = new FileOutputStream(FileDescriptor.err);
    private static final byte[] WORDS = ("Slipway ends with status " + STATUS
                    + ": its memory is spent (OutOfMemoryError). Start it again, with more memory (-Xmx) if that"
                    + " happens often. Nothing that was accepted is lost.\n")
            .getBytes(StandardCharsets.UTF_8);

    private OutOfMemory() {}

    /** Does not return when the failure, or one that led to it, is an {@link OutOfMemoryError}. */
    static void endProcessIf(Throwable failure) {
        if (isCause(failure)) {
            try {
                CONSOLE.write(WORDS);
            } catch (IOException noConsole) {
                // The status alone has to tell.
            } finally {
                // Not exit: hooks that run for an orderly stop would need the memory that is not there.
                Runtime.getRuntime().halt(STATUS);
            }
        }
    }

    static boolean isCause(Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < DEEPEST; depth++) {
            if (each instanceof OutOfMemoryError) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }
}
