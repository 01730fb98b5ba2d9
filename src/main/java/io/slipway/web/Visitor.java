package io.slipway.web;

import io.slipway.jobs.Job;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.UnknownJob;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who looks at a page.
 *
 * @param isOperator sees and cancels everybody's jobs; the one owner of a service without tokens does so too
 */
record Visitor(String owner, boolean isOperator) {

    static Visitor of(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        if (principal == null) {
            throw new IllegalStateException("the security filters let a nameless request through");
        }
        return new Visitor(principal.getName(), request.isUserInRole("OPERATOR"));
    }

    boolean mayRead(Job job) {
        return isOperator || owns(job);
    }

    /** Somebody else's job is answered as if there were none. */
    Job job(Jobs jobs, String id) {
        return jobs.findById(id).filter(this::mayRead).orElseThrow(() -> new UnknownJob(id));
    }

    boolean owns(Job job) {
        return job.owner().equals(owner);
    }

    /** Somebody else's job is answered as if there were none, even to those who may read it: nobody runs it again for its owner. */
    Job ownJob(Jobs jobs, String id) {
        return jobs.findById(id).filter(this::owns).orElseThrow(() -> new UnknownJob(id));
    }

    /** The owner whose jobs are listed; {@code null} for everybody's. */
    @Nullable
    String listed(@Nullable String wanted) {
        return isOperator ? wanted : owner;
    }
}
