package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.api.clients.Turn;
import io.slipway.jobs.Owner;
import io.slipway.submission.Incoming;
import io.slipway.submission.Quotas;
import io.slipway.submission.SubmissionSettings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets an upload in, or refuses it before a byte of its body was read: a client that sends {@code Expect: 100-continue} has then sent
 * nothing. It stands behind the security filters, and what it lets in may be as long as {@code slipway.submission.max-upload}.
 */
final class UploadGate extends OncePerRequestFilter {

    private final SubmissionSettings settings;
    private final Incoming incoming;
    private final Quotas quotas;
    private final UploadSlots uploads;
    private final UploadSlots plans;

    UploadGate(SubmissionSettings settings, Incoming incoming, Quotas quotas) {
        this.settings = settings;
        this.incoming = incoming;
        this.quotas = quotas;
        this.uploads = new UploadSlots(settings.maxConcurrentUploads(), settings.maxConcurrentUploadsOfOwner());
        this.plans = new UploadSlots(settings.maxConcurrentPlans(), settings.maxConcurrentPlans());
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !RequestFilter.isUpload(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String owner = Caller.of(request).owner();
        boolean isPlan = request.getRequestURI().endsWith("/plans");
        if (!uploads.take(owner)) {
            throw new ApiProblem(ProblemType.TOO_MANY_UPLOADS, tooMany());
        }
        try {
            if (!isPlan) {
                admit(request, response, chain, owner);
            } else if (plans.take(owner)) {
                try {
                    admit(request, response, chain, owner);
                } finally {
                    plans.giveBack(owner);
                }
            } else {
                throw new ApiProblem(
                        ProblemType.TOO_MANY_PLANS,
                        settings.maxConcurrentPlans()
                                + " plans are being made (slipway.submission.max-concurrent-plans). Try again in a few"
                                + " seconds.");
            }
        } finally {
            uploads.giveBack(owner);
        }
    }

    private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain, String owner)
            throws IOException, ServletException {
        check(request.getContentLengthLong());
        quotas.check(new Owner(owner), request.getHeader(SubmitForm.IDEMPOTENCY_KEY));
        Turn turn = Turn.current();
        if (turn != null) {
            turn.allow(Long.MAX_VALUE);
        }
        chain.doFilter(request, response);
    }

    private void check(long length) throws IOException {
        if (length > settings.maxUpload().toBytes()) {
            throw new ApiProblem(ProblemType.UPLOAD_TOO_LARGE, tooLarge(settings));
        }
        // Twice: once as it came, once normalised.
        if (incoming.freeBytes() - 2 * Math.max(0, length)
                < settings.minFreeDisk().toBytes()) {
            throw new ApiProblem(
                    ProblemType.DISK_FULL,
                    "There is too little free space under slipway.home for this upload"
                            + " (slipway.submission.min-free-disk is "
                            + text(settings.minFreeDisk()) + "). Try again later.");
        }
    }

    private String tooMany() {
        return "As many uploads are under way as may be: " + settings.maxConcurrentUploads()
                + " (slipway.submission.max-concurrent-uploads), " + settings.maxConcurrentUploadsOfOwner()
                + " of one owner. Try again in a few seconds.";
    }

    static String tooLarge(SubmissionSettings settings) {
        return "The request is longer than slipway.submission.max-upload, " + text(settings.maxUpload())
                + ". Leave out what the job does not need, or read large data from S3.";
    }

    private static String text(DataSize size) {
        return size.toMegabytes() > 0 ? size.toMegabytes() + " MB" : size.toBytes() + " bytes";
    }
}
