package io.slipway.compute;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The place where a log lies does not give it. Its message is a sentence for those who want to read the log. */
public final class LogRefused extends IOException {

    public LogRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
