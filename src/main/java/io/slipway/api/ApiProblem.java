package io.slipway.api;

import org.springframework.http.HttpHeaders;

/** A request that this door refuses by itself. */
final class ApiProblem extends RuntimeException {

    private final ProblemType type;
    private final transient HttpHeaders headers;

    ApiProblem(ProblemType type, String detail) {
        this(type, detail, new HttpHeaders());
    }

    /** @param headers of the answer */
    ApiProblem(ProblemType type, String detail, HttpHeaders headers) {
        super(detail);
        this.type = type;
        this.headers = headers;
    }

    ProblemType type() {
        return type;
    }

    HttpHeaders headers() {
        return headers;
    }
}
