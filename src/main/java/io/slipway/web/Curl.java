package io.slipway.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The call of the API that does what a page shows, for a terminal. */
final class Curl {

    private Curl() {}

    /** @param options with a blank behind them */
    static String of(HttpServletRequest request, String options, String path) {
        String base =
                ServletUriComponentsBuilder.fromContextPath(request).build().toUriString();
        return "curl " + (needsToken(request) ? "-H \"" + HttpHeaders.AUTHORIZATION + ": Bearer $TOKEN\" " : "")
                + options + base + path;
    }

    /** Whoever is logged in has a token, which is not for a page to know. */
    private static boolean needsToken(HttpServletRequest request) {
        return request.getCookies() != null
                && Arrays.stream(request.getCookies())
                        .anyMatch(cookie -> cookie.getName().equals("slipway-session"));
    }
}
