package io.slipway.api;

/** How many items a page of a list may have. */
final class PageLimit {

    private PageLimit() {}

    /** @throws ApiProblem {@link ProblemType#INVALID_PARAMETER} when it is not between 1 and the most */
    static void require(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw new ApiProblem(
                    ProblemType.INVALID_PARAMETER, "limit must be between 1 and " + most + "; it is " + limit + ".");
        }
    }
}
