package io.slipway.livy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.springframework.web.filter.OncePerRequestFilter;

/** A port of Livy's own: what its clients ask for at the root is answered from below {@code /livy}, and everything else is not there. */
final class LivyPort extends OncePerRequestFilter {

    /** Of a request, {@code true} where it came in by this port. */
    static final String ASKED_HERE = LivyPort.class.getName();

    private static final Set<String> ROOTS = Set.of("batches", "sessions", "version");
    private static final String PREFIX = "/livy";

    /** Requests are short, and those of the other port do not wait for them. */
    private static final int THREADS = 32;

    private static final Duration HEADERS = Duration.ofSeconds(20);

    private final Connector connector;

    LivyPort(int port) {
        this.connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(port);
        if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
            protocol.setMaxThreads(THREADS);
            protocol.setConnectionTimeout((int) HEADERS.toMillis());
        }
    }

    Connector connector() {
        return connector;
    }

    /** Also of a request that was refused before this filter saw it. */
    boolean isAskedBy(HttpServletRequest request) {
        return request.getLocalPort() == connector.getLocalPort();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!isAskedBy(request)) {
            chain.doFilter(request, response);
            return;
        }
        String path = request.getRequestURI();
        String root = path.startsWith("/") ? path.substring(1).split("[/;?]", 2)[0] : "";
        if (!ROOTS.contains(root)) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            response.setContentType("application/json");
            response.getWriter().write("{\"msg\":\"Livy's batches are at /batches; nothing else is on this port.\"}");
            return;
        }
        request.setAttribute(ASKED_HERE, true);
        chain.doFilter(new Below(request), response);
    }

    private static final class Below extends HttpServletRequestWrapper {

        Below(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getRequestURI() {
            return PREFIX + super.getRequestURI();
        }

        @Override
        public StringBuffer getRequestURL() {
            StringBuffer url = super.getRequestURL();
            int at = url.length() - super.getRequestURI().length();
            return url.insert(at, PREFIX);
        }

        @Override
        public String getServletPath() {
            return PREFIX + super.getServletPath();
        }
    }
}
