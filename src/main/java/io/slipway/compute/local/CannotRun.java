package io.slipway.compute.local;

import org.jspecify.annotations.Nullable;

/** This machine will never run the project as it is; the message is a sentence for the job's owner. */
final class CannotRun extends Exception {

    CannotRun(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
