package io.slipway.api.clients;

import org.apache.coyote.BadRequestException;

/**
 * Why a body is not read any further. As a {@link BadRequestException} it reaches the error page: Tomcat takes every other failure of a
 * read for a client that is gone, and answers nothing.
 */
public final class ClientFault extends BadRequestException {

    /** What was wrong. */
    public enum Kind {
        TOO_SLOW,
        NO_SLOT,
        TOO_LONG
    }

    private final Kind kind;

    ClientFault(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
