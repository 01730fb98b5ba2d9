package io.slipway.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * How a reader of events wants them, and from where on.
 *
 * @param position after which; empty when they named none
 */
record Resume(boolean isStream, OptionalLong position) {

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    /** A browser that comes back sends the header beside the address that it was given, so the header wins. */
    static Resume of(HttpServletRequest request, @Nullable Long after) {
        String last = request.getHeader(LAST_EVENT_ID);
        if (last != null && !last.isBlank()) {
            return new Resume(wantsStream(request), OptionalLong.of(position(LAST_EVENT_ID, last.strip())));
        }
        if (after != null && after < 0) {
            throw new ApiProblem(
                    ProblemType.INVALID_PARAMETER, "after is a position of the feed, 0 or more; it is " + after + ".");
        }
        return new Resume(wantsStream(request), after == null ? OptionalLong.empty() : OptionalLong.of(after));
    }

    private static long position(String name, String text) {
        try {
            long position = Long.parseLong(text);
            if (position >= 0) {
                return position;
            }
        } catch (NumberFormatException none) {
            // As one below 0.
        }
        throw new ApiProblem(
                ProblemType.INVALID_PARAMETER,
                name + " is the id of an event of this feed, a whole number; it is '" + text + "'.");
    }

    /** Whether a stream is named, and no less wanted than JSON. A wildcard names nothing. */
    private static boolean wantsStream(HttpServletRequest request) {
        if (!"GET".equals(request.getMethod())) {
            return false;
        }
        List<MediaType> accepted = accepted(request);
        double stream = quality(accepted, MediaType.TEXT_EVENT_STREAM);
        return stream > 0 && stream >= quality(accepted, MediaType.APPLICATION_JSON);
    }

    /** Spring looks at the header of those handlers alone that name what they produce. */
    private static List<MediaType> accepted(HttpServletRequest request) {
        try {
            return MediaType.parseMediaTypes(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
        } catch (InvalidMediaTypeException unreadable) {
            throw new ApiProblem(
                    ProblemType.NOT_ACCEPTABLE, "The Accept header cannot be read. " + unreadable.getMessage());
        }
    }

    private static double quality(List<MediaType> accepted, MediaType type) {
        return accepted.stream()
                .filter(each -> each.equalsTypeAndSubtype(type))
                .mapToDouble(MediaType::getQualityValue)
                .max()
                .orElse(0);
    }
}
