package io.slipway.api;

import io.slipway.jobs.Job;
import io.slipway.jobs.UnknownJob;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request. An owner sees and changes the jobs that are theirs; an operator those of everybody.
 *
 * @param owner the name of the token that was sent; {@code local} without tokens
 */
record Caller(String owner, boolean isOperator) {

    static Caller of(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        if (principal == null) {
            throw new IllegalStateException(
                    "the security filters let a nameless request through: " + request.getRequestURI());
        }
        return new Caller(principal.getName(), request.isUserInRole("OPERATOR"));
    }

    /** Somebody else's job is answered as if there were none: ids are no secrets to be probed. */
    Job mayRead(Optional<Job> job, String id) {
        return job.filter(found -> isOperator || found.owner().equals(owner)).orElseThrow(() -> new UnknownJob(id));
    }

    /** The owner whose jobs a list shows; {@code null} for everybody's. */
    @Nullable
    String listed(@Nullable String wanted) {
        return isOperator ? wanted : owner;
    }
}
