package io.slipway.api.stream;

import io.slipway.access.OpenSessions;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** A login that has ended, here or at another replica, takes along what it had opened. */
@Component
class LoginStreams {

    private static final Logger log = LoggerFactory.getLogger(LoginStreams.class);

    private final OpenSessions sessions;
    private final Executor executor;
    private final Map<AsyncAnswer, Opened> open = new ConcurrentHashMap<>();

    LoginStreams(OpenSessions sessions, @Qualifier("applicationTaskExecutor") Executor executor) {
        this.sessions = sessions;
        this.executor = executor;
    }

    private record Opened(String session, Runnable end) {}

    /**
     * Does nothing for a caller who sent a token.
     *
     * @param end ends the answer; it may wait for the socket
     */
    void opened(HttpServletRequest request, AsyncAnswer answer, Runnable end) {
        OpenSessions.of(request).ifPresent(session -> open.put(answer, new Opened(session, end)));
    }

    void closed(AsyncAnswer answer) {
        open.remove(answer);
    }

    @Scheduled(fixedDelay = 2000)
    void endWithSessions() {
        Set<String> asked = open.values().stream().map(Opened::session).collect(Collectors.toSet());
        if (asked.isEmpty()) {
            return;
        }
        try {
            Set<String> ended = sessions.ended(asked);
            open.values().stream()
                    .filter(one -> ended.contains(one.session()))
                    .forEach(one -> executor.execute(one.end()));
        } catch (DataAccessException away) {
            log.debug("Whether logins have ended is not known: {}", away.toString());
        }
    }
}
