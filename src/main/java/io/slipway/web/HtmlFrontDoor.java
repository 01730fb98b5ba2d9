package io.slipway.web;

import io.slipway.jobs.JobId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Shows people who open an address of the API the page of the same thing, with the filters that both know. Who asks for JSON, or for anything, gets JSON. It stands
 * before the security filters, so that a person without a token comes to the login page.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
class HtmlFrontDoor extends OncePerRequestFilter {

    private static final String JOBS = "/jobs/";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<String> page = page(request);
        if (page.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        if (prefersHtml(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)))) {
            response.setStatus(HttpStatus.SEE_OTHER.value());
            String query = request.getQueryString();
            response.setHeader(
                    HttpHeaders.LOCATION, request.getContextPath() + page.get() + (query == null ? "" : "?" + query));
        } else {
            chain.doFilter(request, response);
        }
    }

    /** The form of a new job as a browser sends it by itself, not as our script does: its answer is for a person, who is to see a page. */
    static boolean isPlainForm(HttpServletRequest request) {
        return "POST".equals(request.getMethod())
                && request.getRequestURI().equals(request.getContextPath() + "/jobs")
                && "document".equals(request.getHeader("Sec-Fetch-Dest"))
                && prefersHtml(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
    }

    private static Optional<String> page(HttpServletRequest request) {
        if (!"GET".equals(request.getMethod()) && !"HEAD".equals(request.getMethod())) {
            return Optional.empty();
        }
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (path.startsWith(JOBS)) {
            return JobId.parse(path.substring(JOBS.length())).map(id -> "/ui/jobs/" + id);
        }
        return switch (path) {
            case "/", "/jobs" -> Optional.of("/ui/jobs");
            case "/clusters" -> Optional.of("/ui/clusters");
            case "/stats" -> Optional.of("/ui/overview");
            default -> Optional.empty();
        };
    }

    /** Whether {@code text/html} is named, and no less wanted than JSON. A wildcard names nothing. */
    static boolean prefersHtml(List<String> accept) {
        try {
            List<MediaType> wanted = MediaType.parseMediaTypes(accept);
            return quality(wanted, MediaType.TEXT_HTML) > 0
                    && quality(wanted, MediaType.TEXT_HTML) >= quality(wanted, MediaType.APPLICATION_JSON);
        } catch (InvalidMediaTypeException unreadable) {
            return false;
        }
    }

    private static double quality(List<MediaType> wanted, MediaType type) {
        return wanted.stream()
                .filter(each -> each.equalsTypeAndSubtype(type))
                .mapToDouble(MediaType::getQualityValue)
                .max()
                .orElse(0);
    }
}
