package io.slipway.compute;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The storage of a log refuses to hand it out. Its message is a sentence for those who want to read the log. */
public final class LogRefused extends IOException {

    public LogRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
