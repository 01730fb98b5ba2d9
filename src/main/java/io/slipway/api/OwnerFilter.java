package io.slipway.api;

import io.slipway.api.clients.Turn;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.Principal;

/** Behind the security filters: from here on a thread waits for the client of an owner, no longer for somebody's. */
final class OwnerFilter implements Filter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Principal caller = ((HttpServletRequest) request).getUserPrincipal();
        Turn turn = Turn.current();
        if (caller != null && turn != null) {
            turn.belongsTo(caller.getName());
        }
        chain.doFilter(request, response);
    }
}
