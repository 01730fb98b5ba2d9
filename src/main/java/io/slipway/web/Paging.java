package io.slipway.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list, and how long one is.
 *
 * @param before the id that the page before ended with; {@code null} for the first page
 */
record Paging(Sorting sort, int size, @Nullable String before) {

    static final int USUAL = 50;

    static final List<Integer> SIZES = List.of(25, USUAL, 100, 200);

    static Paging of(String sort, String size, @Nullable String before) {
        int wanted = SIZES.stream()
                .filter(each -> each.toString().equals(size))
                .findFirst()
                .orElse(USUAL);
        return new Paging(Sorting.of(sort), wanted, before == null || before.isEmpty() ? null : before);
    }
}
