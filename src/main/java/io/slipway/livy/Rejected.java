package io.slipway.livy;

import org.springframework.http.HttpStatus;

/** What Livy would not take either, or what is not taken here: told in Livy's form. */
final class Rejected extends RuntimeException {

    private final HttpStatus status;

    private Rejected(HttpStatus status, String message) {
        super(message);
        this.status = status;
    }

    static Rejected because(String reason) {
        return new Rejected(HttpStatus.BAD_REQUEST, "Rejected, Reason: " + reason);
    }

    static Rejected forbidden(String why) {
        return new Rejected(HttpStatus.FORBIDDEN, why);
    }

    static Rejected unknownVersion(String version) {
        return new Rejected(
                HttpStatus.NOT_ACCEPTABLE,
                "There is no version " + version.replaceAll("[^0-9.]", "?") + " of this API.");
    }

    static Rejected notFound(String why) {
        return new Rejected(HttpStatus.NOT_FOUND, why);
    }

    HttpStatus status() {
        return status;
    }
}
