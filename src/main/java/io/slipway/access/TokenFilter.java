package io.slipway.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Names the caller. A token comes as {@code Bearer}, or as the password of {@code Basic}, which browsers and Airflow's Livy hook can
 * send (the user name of Basic is not looked at), or is what a session was begun with.
 */
final class TokenFilter extends OncePerRequestFilter {

    /** Who everybody is while no tokens are configured. */
    private static final String ONLY_OWNER = "local";

    private static final GrantedAuthority OPERATOR = new SimpleGrantedAuthority("ROLE_OPERATOR");

    /** Open to everybody; whoever looks at them need not be looked up, least of all while the database is away. */
    private static final List<String> NAMELESS = List.of("/actuator/health", "/assets/", "/webjars/");

    private final Tokens tokens;
    private final Sessions sessions;
    private final Set<String> operators;
    private final HandlerExceptionResolver problems;

    TokenFilter(Tokens tokens, Sessions sessions, Set<String> operators, HandlerExceptionResolver problems) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.operators = operators;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            owner(request).ifPresent(this::enter);
        } catch (DataAccessException away) {
            problems.resolveException(request, response, null, away);
            return;
        }
        chain.doFilter(request, response);
    }

    // An answer that comes later (Prefer: wait) is dispatched through the filters again, and needs the same caller.
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    private void enter(String owner) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        List<GrantedAuthority> authorities = tokens.none() || operators.contains(owner) ? List.of(OPERATOR) : List.of();
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(owner, null, authorities));
        SecurityContextHolder.setContext(context);
    }

    private Optional<String> owner(HttpServletRequest request) {
        if (tokens.none()) {
            return Optional.of(ONLY_OWNER);
        }
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            return sent(header).flatMap(tokens::ownerOf);
        }
        String path = LoginFilter.path(request);
        return NAMELESS.stream().anyMatch(path::startsWith)
                ? Optional.empty()
                : SessionCookie.id(request).flatMap(id -> ownerOf(request, id));
    }

    private Optional<String> ownerOf(HttpServletRequest request, String id) {
        Optional<String> owner = sessions.ownerOf(id);
        owner.ifPresent(known -> OpenSessions.named(request, id));
        return owner;
    }

    private static Optional<String> sent(String header) {
        String[] parts = header.split(" ", 2);
        if (parts.length < 2) {
            return Optional.empty();
        }
        return switch (parts[0].toLowerCase(java.util.Locale.ROOT)) {
            case "bearer" -> Optional.of(parts[1].strip());
            case "basic" -> password(parts[1].strip());
            default -> Optional.empty();
        };
    }

    private static Optional<String> password(String basic) {
        try {
            String decoded = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(decoded.substring(colon + 1));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
