package io.slipway.api;

import io.slipway.api.clients.Turn;

/** Answers of any length are begun only for those whose clients may still hold a thread up. */
final class LongAnswers {

    private LongAnswers() {}

    /** @throws ApiProblem {@link ProblemType#TOO_MANY_CLIENTS} when the caller's clients hold all that they may */
    static void requireSlot() {
        Turn turn = Turn.current();
        if (turn != null && !turn.mayWait()) {
            throw new ApiProblem(
                    ProblemType.TOO_MANY_CLIENTS,
                    "As many of your requests as the service allows wait for their clients: take the answers, or try"
                            + " again in a few seconds.");
        }
    }
}
