package io.slipway.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/** Where a browser keeps the id of its session: out of reach of scripts, and sent by our own pages alone. */
final class SessionCookie {

    static final String NAME = "slipway-session";

    private SessionCookie() {}

    static Optional<String> id(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> NAME.equals(cookie.getName()))
                        .findFirst()
                        .map(Cookie::getValue);
    }

    /** Until the browser is closed. */
    static void set(HttpServletRequest request, HttpServletResponse response, String id) {
        add(request, response, id, Duration.ofSeconds(-1));
    }

    static void clear(HttpServletRequest request, HttpServletResponse response) {
        add(request, response, "", Duration.ZERO);
    }

    private static void add(HttpServletRequest request, HttpServletResponse response, String value, Duration age) {
        ResponseCookie cookie = ResponseCookie.from(NAME, value)
                .httpOnly(true)
                .secure(request.isSecure())
                .sameSite("Strict")
                .path("/")
                .maxAge(age)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
