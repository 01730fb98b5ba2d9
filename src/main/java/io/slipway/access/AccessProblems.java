package io.slipway.access;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * The refusals of this room, as problems (RFC 9457); the door that a request was meant for writes them. Each names a type of that door's
 * table, which has the titles, too.
 */
final class AccessProblems {

    private AccessProblems() {}

    static ErrorResponseException unauthorized() {
        return refusal(
                HttpStatus.UNAUTHORIZED,
                "unauthorized",
                "Send one of the configured tokens: -H 'Authorization: Bearer …' (or as the password of HTTP Basic).");
    }

    static ErrorResponseException crossOrigin(String detail) {
        return refusal(HttpStatus.FORBIDDEN, "cross-origin", detail);
    }

    static ErrorResponseException forged() {
        return refusal(
                HttpStatus.FORBIDDEN,
                "csrf-token",
                "The request carries no valid CSRF token. Load the page again and send it once more.");
    }

    static ErrorResponseException malformed() {
        return refusal(
                HttpStatus.BAD_REQUEST,
                "malformed-request",
                "Its address or one of its headers has characters that none may have, such as //, ; or a line break.");
    }

    static ErrorResponseException unknownHost(String host) {
        return refusal(
                HttpStatus.MISDIRECTED_REQUEST,
                "unknown-host",
                "Host '" + host + "' is not one of this service. Add it to slipway.security.hosts.");
    }

    private static ErrorResponseException refusal(HttpStatus status, String type, String detail) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
        body.setType(URI.create("urn:slipway:problem:" + type));
        return new ErrorResponseException(status, body, null);
    }
}
