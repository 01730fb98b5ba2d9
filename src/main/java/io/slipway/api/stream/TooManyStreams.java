package io.slipway.api.stream;

/** There is no free slot for another stream now. */
public final class TooManyStreams extends RuntimeException {

    private final boolean ofOwner;

    TooManyStreams(boolean ofOwner, String message) {
        super(message);
        this.ofOwner = ofOwner;
    }

    /** Whether it is the owner who has too many, not the service. */
    public boolean isOfOwner() {
        return ofOwner;
    }
}
