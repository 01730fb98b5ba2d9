package io.slipway.jobs;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Ids as jobs have them: a job a minute, and its number behind the time. */
final class MinuteIds {

    static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private MinuteIds() {}

    static String id(long number) {
        long millis = START.toEpochMilli() + number * 60_000;
        StringBuilder time = new StringBuilder();
        for (int digit = 9; digit >= 0; digit--) {
            time.append(DIGITS.charAt((int) (millis >> (5 * digit) & 31)));
        }
        return time + "%016d".formatted(number);
    }

    /** Of the number g of a row. */
    static String sql() {
        String millis = "(" + START.toEpochMilli() + " + cast(g as bigint) * 60000)";
        List<String> digits = IntStream.rangeClosed(0, 9)
                .mapToObj(digit -> "substring('" + DIGITS + "', cast(mod(" + millis + " / " + (1L << (5 * (9 - digit)))
                        + ", 32) as int) + 1, 1)")
                .toList();
        return String.join(" || ", digits) + " || lpad(cast(g as varchar), 16, '0')";
    }
}
