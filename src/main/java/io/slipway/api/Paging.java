package io.slipway.api;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters by which lists are read page by page. */
final class Paging {

    private static final Pattern ID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

    private Paging() {}

    /** @throws ApiProblem {@link ProblemType#INVALID_PARAMETER} when it is not between 1 and the most */
    static void requireLimit(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw new ApiProblem(
                    ProblemType.INVALID_PARAMETER, "limit must be between 1 and " + most + "; it is " + limit + ".");
        }
    }

    /**
     * Where a page begins; {@code null} for the first one.
     *
     * @param item what the list has, with its article
     * @throws ApiProblem {@link ProblemType#INVALID_PARAMETER} when it is no id
     */
    static @Nullable String cursor(@Nullable String before, String item) {
        if (before == null || before.isBlank()) {
            return null;
        }
        if (!ID.matcher(before).matches()) {
            throw new ApiProblem(
                    ProblemType.INVALID_PARAMETER,
                    "before is the id of " + item + ", as `next` of the page before has it; it is '"
                            + LongText.shown(before) + "'.");
        }
        return before;
    }
}
