package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.api.clients.Turn;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Behind the security filters: from here on a thread waits for the client of an owner, no longer for somebody's. */
final class OwnerFilter implements Filter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Turn turn = Turn.current();
        if (turn != null) {
            Caller.known((HttpServletRequest) request).ifPresent(caller -> turn.belongsTo(caller.owner()));
        }
        chain.doFilter(request, response);
    }
}
