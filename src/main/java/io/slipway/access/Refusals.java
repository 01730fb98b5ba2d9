package io.slipway.access;

import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** The refusals of this room, as problems (RFC 9457); the door that a request was meant for writes them. */
final class Refusals {

    private Refusals() {}

    static ErrorResponseException unauthorized() {
        return refusal(
                HttpStatus.UNAUTHORIZED,
                "unauthorized",
                "No valid token",
                "Send one of the configured tokens: -H 'Authorization: Bearer …' (or as the password of HTTP Basic).");
    }

    static ErrorResponseException crossOrigin(String detail) {
        return refusal(
                HttpStatus.FORBIDDEN, "cross-origin", "Refused: the request came from a page of another site", detail);
    }

    static ErrorResponseException forged() {
        return refusal(
                HttpStatus.FORBIDDEN,
                "csrf-token",
                "Refused: the form is out of date",
                "The form carries no valid CSRF token. Load the page again and send it once more.");
    }

    static ErrorResponseException malformed() {
        return refusal(
                HttpStatus.BAD_REQUEST,
                "malformed-request",
                "The request cannot be read",
                "Its address or one of its headers has characters that none may have, such as //, ; or a line break.");
    }

    static ErrorResponseException unknownHost(String host) {
        return refusal(
                HttpStatus.MISDIRECTED_REQUEST,
                "unknown-host",
                "The service is not known by this name",
                "Host '" + host + "' is not one of this service. Add it to slipway.security.hosts.");
    }

    private static ErrorResponseException refusal(HttpStatus status, String type, String title, String detail) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
        body.setType(URI.create("urn:slipway:problem:" + type));
        body.setTitle(title);
        return new ErrorResponseException(status, body, null);
    }
}
