package io.slipway.aws;

/** The error codes of Amazon S3 that the stand-in knows, with the status that S3 sends them with. */
public enum S3Error {
    ACCESS_DENIED(403, "AccessDenied"),
    AUTHORIZATION_HEADER_MALFORMED(400, "AuthorizationHeaderMalformed"),
    BAD_DIGEST(400, "BadDigest"),
    CONDITIONAL_REQUEST_CONFLICT(409, "ConditionalRequestConflict"),
    ENTITY_TOO_SMALL(400, "EntityTooSmall"),
    INCOMPLETE_BODY(400, "IncompleteBody"),
    INTERNAL_ERROR(500, "InternalError"),
    INVALID_PART(400, "InvalidPart"),
    INVALID_PART_ORDER(400, "InvalidPartOrder"),
    INVALID_RANGE(416, "InvalidRange"),
    INVALID_REQUEST(400, "InvalidRequest"),
    METHOD_NOT_ALLOWED(405, "MethodNotAllowed"),
    NO_SUCH_BUCKET(404, "NoSuchBucket"),
    NO_SUCH_KEY(404, "NoSuchKey"),
    NO_SUCH_UPLOAD(404, "NoSuchUpload"),
    NOT_IMPLEMENTED(501, "NotImplemented"),
    PERMANENT_REDIRECT(301, "PermanentRedirect"),
    PRECONDITION_FAILED(412, "PreconditionFailed"),
    REQUEST_TIMEOUT(400, "RequestTimeout"),
    SERVICE_UNAVAILABLE(503, "ServiceUnavailable"),
    SLOW_DOWN(503, "SlowDown");

    private final int status;
    private final String code;

    S3Error(int status, String code) {
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String xml() {
        return "<Error><Code>" + code + "</Code><Message>simulated</Message><RequestId>0</RequestId></Error>";
    }

    /** Thrown to answer with the error. */
    static final class Refusal extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final S3Error error;

        Refusal(S3Error error) {
            super(error.code);
            this.error = error;
        }

        S3Error error() {
            return error;
        }
    }
}
