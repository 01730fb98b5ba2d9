package io.slipway.aws;

/** An error as the stand-in answers it. The texts are EMR's as public clients and emulators know them: emr-facts, section 1. */
final class EmrError extends RuntimeException {

    private final int status;
    private final String type;

    private EmrError(int status, String type, String message) {
        super(message);
        this.status = status;
        this.type = type;
    }

    static EmrError validation(String message) {
        return new EmrError(400, "ValidationException", message);
    }

    static EmrError invalidRequest(String message) {
        return new EmrError(400, "InvalidRequestException", message);
    }

    static EmrError throttled() {
        return new EmrError(400, "ThrottlingException", "Rate exceeded");
    }

    static EmrError internal() {
        return new EmrError(500, "InternalFailure", "An internal error occurred.");
    }

    static EmrError denied() {
        return new EmrError(400, "AccessDeniedException", "User is not authorized to perform this action.");
    }

    static EmrError signatureExpired(String date) {
        return new EmrError(403, "InvalidSignatureException", "Signature expired: " + date + " is too old.");
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }
}
