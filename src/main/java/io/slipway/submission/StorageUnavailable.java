package io.slipway.submission;

/** The project could not be stored or fetched now; nothing was accepted and the same request may be sent again. */
public final class StorageUnavailable extends RuntimeException {

    public StorageUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
