package io.slipway.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Keeps pages of other sites out, which reach this service through somebody's browser: a name that is not ours (DNS rebinding), and
 * changes that another origin asked for. A browser tells both; other clients send neither header.
 */
final class OriginFilter extends OncePerRequestFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    /** An address cannot be bound to another name, so it needs no list. */
    private static final Pattern ADDRESS = Pattern.compile("\\[[0-9a-fA-F:.%a-z]+]|[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private static final String HERE = "127.0.0.1";

    private final Set<String> hosts;
    private final HandlerExceptionResolver problems;

    OriginFilter(List<String> hosts, HandlerExceptionResolver problems) {
        this.hosts = hosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ErrorResponseException refusal = refusal(request);
        if (refusal == null) {
            chain.doFilter(request, response);
        } else {
            problems.resolveException(request, response, null, refusal);
        }
    }

    private @Nullable ErrorResponseException refusal(HttpServletRequest request) {
        String host = request.getServerName();
        if (!isOurs(host)) {
            return AccessProblems.unknownHost(host);
        }
        if (READING.contains(request.getMethod())) {
            return null;
        }
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !OWN_SITE.contains(site)) {
            return AccessProblems.crossOrigin("The request's Sec-Fetch-Site is '" + site + "'.");
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !isThisService(origin, request)) {
            return AccessProblems.crossOrigin("The request's Origin is '" + origin + "', not this service.");
        }
        return null;
    }

    private boolean isOurs(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals(HERE)
                || name.endsWith(".localhost")
                || hosts.contains(name)
                || ADDRESS.matcher(name).matches()
                || name.indexOf(':') >= 0;
    }

    private static boolean isThisService(String origin, HttpServletRequest request) {
        try {
            URI from = URI.create(origin);
            int port = from.getPort() >= 0 ? from.getPort() : "https".equals(from.getScheme()) ? 443 : 80;
            return from.getHost() != null
                    && from.getHost().equalsIgnoreCase(request.getServerName())
                    && port == request.getServerPort()
                    && request.getScheme().equals(from.getScheme());
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }
}
