package io.slipway.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A point in time as a page shows it. Scripts put the reader's own time zone in its place; without them it is UTC.
 *
 * @param iso for machines
 * @param full to the second, UTC
 * @param ago {@code 3 min ago}
 */
record TimeText(String iso, String full, String ago) {

    private static final DateTimeFormatter FULL = DateTimeFormatter.ofPattern(
                    "d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    static TimeText of(Instant at, Instant now) {
        Duration age = Duration.between(at, now);
        String ago = age.toSeconds() < 5 ? "just now" : coarse(age) + " ago";
        return new TimeText(at.toString(), FULL.format(at), ago);
    }

    @Nullable
    static TimeText orNull(@Nullable Instant at, Instant now) {
        return at == null ? null : of(at, now);
    }

    /** {@code 850 ms}, {@code 12.4 s}, {@code 3 m 05 s}, {@code 2 h 10 m}, {@code 4 d 3 h}. */
    static String exact(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (time.toMillis() < 1000) {
            return Math.max(0, time.toMillis()) + " ms";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d m %02d s", seconds / 60, seconds % 60);
        }
        return seconds < 86_400
                ? String.format(Locale.ROOT, "%d h %02d m", seconds / 3600, seconds / 60 % 60)
                : String.format(Locale.ROOT, "%d d %d h", seconds / 86_400, seconds / 3600 % 24);
    }

    private static String coarse(Duration age) {
        long seconds = age.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }
}
