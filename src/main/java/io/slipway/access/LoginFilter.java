package io.slipway.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Takes the login page's form, and ends a login. The page itself is the web room's; that a form is our own was checked by the CSRF
 * filter before this one.
 */
final class LoginFilter extends OncePerRequestFilter {

    static final String LOGIN = "/ui/login";
    static final String LOGOUT = "/ui/logout";
    private static final String START = "/ui/jobs";

    private final Tokens tokens;
    private final Sessions sessions;
    private final HandlerExceptionResolver problems;

    LoginFilter(Tokens tokens, Sessions sessions, HandlerExceptionResolver problems) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !"POST".equals(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        switch (path(request)) {
            case LOGIN -> orProblem(request, response, () -> login(request, response));
            case LOGOUT -> orProblem(request, response, () -> logout(request, response));
            default -> chain.doFilter(request, response);
        }
    }

    /** Nobody behind a filter makes an answer of what it throws. */
    private void orProblem(HttpServletRequest request, HttpServletResponse response, Runnable work) {
        try {
            work.run();
        } catch (DataAccessException away) {
            problems.resolveException(request, response, null, away);
        }
    }

    private void logout(HttpServletRequest request, HttpServletResponse response) {
        SessionCookie.clear(request, response);
        SessionCookie.id(request).ifPresent(sessions::end);
        seeOther(request, response, LOGIN);
    }

    private void login(HttpServletRequest request, HttpServletResponse response) {
        String token = request.getParameter("token");
        String next = ownPage(request.getParameter("next"));
        if (tokens.none()) {
            seeOther(request, response, next);
            return;
        }
        Optional<String> owner = token == null ? Optional.empty() : tokens.ownerOf(token.strip());
        if (owner.isPresent()) {
            SessionCookie.id(request).ifPresent(sessions::end);
            SessionCookie.set(request, response, sessions.begin(owner.get()));
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
