package io.slipway.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** For those who answer a request over a long time: whether the login that it came by still holds. */
@Component
public class OpenSessions {

    private static final String ATTRIBUTE = OpenSessions.class.getName();
    private static final int ASKED_AT_ONCE = 500;

    private final Sessions sessions;

    OpenSessions(Sessions sessions) {
        this.sessions = sessions;
    }

    /** The session that names the caller of a request, for {@link #ended}; empty for a caller who sent a token. */
    public static Optional<String> of(HttpServletRequest request) {
        return Optional.ofNullable((String) request.getAttribute(ATTRIBUTE));
    }

    static void named(HttpServletRequest request, String id) {
        request.setAttribute(ATTRIBUTE, Tokens.hash(id));
    }

    /**
     * Those of the sessions that are over: by a logout at any replica, by time, or with their token.
     *
     * @throws org.springframework.dao.DataAccessException when the database does not answer: nothing is known then
     */
    public Set<String> ended(Collection<String> all) {
        Set<String> ended = new HashSet<>(all);
        List<String> left = new ArrayList<>(ended);
        for (int at = 0; at < left.size(); at += ASKED_AT_ONCE) {
            ended.removeAll(sessions.goingOn(left.subList(at, Math.min(left.size(), at + ASKED_AT_ONCE))));
        }
        return ended;
    }
}
