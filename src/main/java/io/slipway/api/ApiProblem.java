package io.slipway.api;

/** A request that this door refuses by itself. */
final class ApiProblem extends RuntimeException {

    private final ProblemType type;

    ApiProblem(ProblemType type, String detail) {
        super(detail);
        this.type = type;
    }

    ProblemType type() {
        return type;
    }
}
