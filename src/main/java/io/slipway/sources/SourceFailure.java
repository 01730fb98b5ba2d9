package io.slipway.sources;

/** A source was not fetched. The message says what to do, and holds nothing that only the service may know. */
public final class SourceFailure extends RuntimeException {

    private final Kind kind;

    /** Whose turn it is. */
    public enum Kind {
        /** The URI cannot be used as it is. */
        INVALID,
        /** No entry of the allow list names it for this owner. */
        NOT_ALLOWED,
        /** Nothing is there, or the entry's credentials may not read it. */
        NOT_FOUND,
        /** It has another version by now than the one that was asked for. */
        CHANGED,
        TOO_LARGE,
        /** It may work later. */
        UNAVAILABLE
    }

    public SourceFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public SourceFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
