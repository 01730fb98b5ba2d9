package io.slipway.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.header.HeaderWriter;

/** What browsers are told, and asked, beyond what other clients are. */
final class PageSecurity {

    /** Nothing but what this service serves, and no script or style that stands in a page. */
    private static final String PAGES = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** Swagger UI writes style attributes. */
    private static final String SWAGGER = PAGES.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

    /** Whatever a browser takes it for, it may do nothing. */
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'; sandbox";

    private static final Pattern RESULT = Pattern.compile("(/ui)?/jobs/[^/]+/results/(file|image)");

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private PageSecurity() {}

    static HeaderWriter contentSecurityPolicy() {
        return (request, response) -> response.setHeader("Content-Security-Policy", policy(request));
    }

    private static String policy(HttpServletRequest request) {
        if (isResult(request)) {
            return NOTHING;
        }
        return isSwagger(request) ? SWAGGER : PAGES;
    }

    /** A file that a stranger's program wrote. */
    private static boolean isResult(HttpServletRequest request) {
        return RESULT.matcher(LoginFilter.path(request)).matches();
    }

    /** Whether a browser may have been made to send it: it changes something, and what names the caller came by itself. */
    static boolean needsCsrfToken(HttpServletRequest request) {
        if (READING.contains(request.getMethod())) {
            return false;
        }
        boolean namedByCookie =
                SessionCookie.id(request).isPresent() && request.getHeader(HttpHeaders.AUTHORIZATION) == null;
        return namedByCookie || isPage(request);
    }

    static boolean isSwagger(HttpServletRequest request) {
        return LoginFilter.path(request).startsWith("/swagger-ui");
    }

    static boolean isPage(HttpServletRequest request) {
        return LoginFilter.path(request).startsWith("/ui/");
    }

    /** Whether a nameless request is somebody's browser that wants a page. */
    static boolean wantsPage(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return "GET".equals(request.getMethod()) && isPage(request) && accept != null && accept.contains("text/html");
    }

    /**
     * To the login page, and back from there. A link on another site comes without our cookie (SameSite=Strict): asked once more from
     * a page of our own, it comes with it.
     */
    static void askForToken(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String query = request.getQueryString();
        String wanted = LoginFilter.path(request) + (query == null ? "" : "?" + query);
        if ("cross-site".equals(request.getHeader("Sec-Fetch-Site"))) {
            response.setContentType("text/html;charset=UTF-8");
            response.setHeader("Refresh", "0;url=" + request.getContextPath() + wanted);
            response.getWriter().write("<!doctype html><title>Slipway</title>");
            return;
        }
        LoginFilter.seeOther(
                request, response, LoginFilter.LOGIN + "?next=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8));
    }
}
