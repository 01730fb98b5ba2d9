package io.slipway.submission;

/** The submission names a cluster or a stored project that is not there for its owner. */
public final class UnknownReference extends RuntimeException {

    private final String field;

    UnknownReference(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The field of the request that names it. */
    public String field() {
        return field;
    }
}
