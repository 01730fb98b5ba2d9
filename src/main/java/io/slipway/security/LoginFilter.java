package io.slipway.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes the login page's form, and ends a login. The page itself is the web room's; that a form is our own was checked by the CSRF
 * filter before this one.
 */
final class LoginFilter extends OncePerRequestFilter {

    static final String LOGIN = "/ui/login";
    static final String LOGOUT = "/ui/logout";
    private static final String START = "/ui/jobs";

    private final Tokens tokens;

    LoginFilter(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !"POST".equals(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        switch (path(request)) {
            case LOGIN -> login(request, response);
            case LOGOUT -> {
                TokenCookie.clear(request, response);
                seeOther(request, response, LOGIN);
            }
            default -> chain.doFilter(request, response);
        }
    }

    private void login(HttpServletRequest request, HttpServletResponse response) {
        String token = request.getParameter("token");
        String next = ownPage(request.getParameter("next"));
        if (tokens.none()) {
            seeOther(request, response, next);
        } else if (token != null && tokens.ownerOf(token.strip()).isPresent()) {
            TokenCookie.set(request, response, token.strip());
            seeOther(request, response, next);
        } else {
            seeOther(request, response, LOGIN + "?refused&next=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
        }
    }

    /** Never to another site: {@code //evil.example} is one. */
    private static String ownPage(@Nullable String next) {
        return next != null && next.startsWith("/ui/") && next.chars().noneMatch(c -> c < ' ' || c == '\\')
                ? next
                : START;
    }

    static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    static void seeOther(HttpServletRequest request, HttpServletResponse response, String path) {
        response.setStatus(HttpStatus.SEE_OTHER.value());
        response.setHeader(HttpHeaders.LOCATION, request.getContextPath() + path);
    }
}
