package io.slipway.access;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request, whichever door it came through. An owner sees and changes what is theirs; an operator sees and cancels the jobs of
 * everybody.
 *
 * @param owner the name of the token that was sent, or of the login; {@code local} without tokens
 */
public record Caller(String owner, boolean isOperator) {

    /** @throws IllegalStateException when the security filters did not name anybody: a mistake of ours */
    public static Caller of(HttpServletRequest request) {
        return known(request)
                .orElseThrow(() -> new IllegalStateException(
                        "the security filters let a nameless request through: " + request.getRequestURI()));
    }

    /** Empty for a page that is shown before anybody has logged in. */
    public static Optional<Caller> known(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        return principal == null
                ? Optional.empty()
                : Optional.of(new Caller(principal.getName(), request.isUserInRole("OPERATOR")));
    }

    /** Whether what belongs to this owner may be read, and its jobs be cancelled. */
    public boolean sees(String other) {
        return isOperator || owns(other);
    }

    public boolean owns(String other) {
        return owner.equals(other);
    }

    /** The owner whose jobs a list shows, when it asks for that one; {@code null} for everybody's. */
    public @Nullable String listed(@Nullable String wanted) {
        return isOperator ? wanted : owner;
    }
}
