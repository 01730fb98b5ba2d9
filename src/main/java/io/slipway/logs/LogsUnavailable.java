package io.slipway.logs;

/** The place where the logs lie does not answer. That says nothing about the run. */
public final class LogsUnavailable extends RuntimeException {

    LogsUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
