package io.slipway.api;

import io.slipway.submission.Incoming;
import io.slipway.submission.QuotaExceeded;
import io.slipway.submission.Quotas;
import io.slipway.submission.SubmissionSettings;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Lets an upload in, or refuses it before a byte of its body was read: a client that sends {@code Expect: 100-continue} has then sent
 * nothing.
 */
class UploadGate extends OncePerRequestFilter {

    private final SubmissionSettings settings;
    private final Incoming incoming;
    private final Quotas quotas;
    private final HandlerExceptionResolver problems;
    private final Semaphore places;

    UploadGate(
            SubmissionSettings settings,
            Incoming incoming,
            Quotas quotas,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        this.settings = settings;
        this.incoming = incoming;
        this.quotas = quotas;
        this.problems = problems;
        this.places = new Semaphore(settings.maxConcurrentUploads());
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String type = request.getContentType();
        return type == null || !type.regionMatches(true, 0, MediaType.MULTIPART_FORM_DATA_VALUE, 0, 19);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!places.tryAcquire()) {
            refuse(request, response, new ApiProblem(ProblemType.TOO_MANY_UPLOADS, tooMany()));
            return;
        }
        try {
            check(request.getContentLengthLong());
            quotas.check(Caller.of(request).owner(), request.getHeader(SubmitForm.IDEMPOTENCY_KEY));
            chain.doFilter(request, response);
        } catch (ApiProblem | QuotaExceeded refused) {
            refuse(request, response, refused);
        } finally {
            places.release();
        }
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
                    "There is too little free space under slipway.home for this upload (slipway.submission.min-free-disk is "
                            + text(settings.minFreeDisk()) + "). Try again later.");
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, RuntimeException problem) {
        Objects.requireNonNull(
                problems.resolveException(request, response, null, problem), "every problem has an answer");
    }

    private String tooMany() {
        return settings.maxConcurrentUploads()
                + " uploads are under way (slipway.submission.max-concurrent-uploads). Try again in a few seconds.";
    }

    static String tooLarge(SubmissionSettings settings) {
        return "The request is longer than slipway.submission.max-upload, " + text(settings.maxUpload())
                + ". Leave out what the job does not need, or read large data from S3.";
    }

    private static String text(DataSize size) {
        return size.toMegabytes() > 0 ? size.toMegabytes() + " MB" : size.toBytes() + " bytes";
    }
}
