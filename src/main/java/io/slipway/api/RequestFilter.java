package io.slipway.api;

import io.slipway.api.clients.ClientSettings;
import io.slipway.api.clients.TimedAnswer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * The first filter. Refuses what no handler could make sense of, keeps bodies unread until somebody wants them, and answers what goes
 * wrong in the filters behind it as the handlers' failures are answered.
 */
final class RequestFilter implements Filter {

    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD");
    private static final Set<String> UPLOADS = Set.of("/jobs", "/plans");
    private static final Pattern CHANGES = Pattern.compile("/projects/[^/]+/changes");

    private final ClientSettings settings;
    private final HandlerExceptionResolver problems;

    RequestFilter(ClientSettings settings, HandlerExceptionResolver problems) {
        this.settings = settings;
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest any, ServletResponse answer, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = closed((HttpServletRequest) any);
        TimedAnswer response = new TimedAnswer((HttpServletResponse) answer, () -> leavesBody(request));
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            chain.doFilter(request, response);
            return;
        }
        try {
            refuse(request);
            chain.doFilter(request, response);
            if (!request.isAsyncStarted()) {
                response.announceEnd();
            }
        } catch (IOException | ServletException | RuntimeException failure) {
            answer(request, response, failure);
        }
        if (response.isSilentRefusal()) {
            HttpStatusCode status = HttpStatusCode.valueOf(response.getStatus());
            problems.resolveException(request, response, null, new ResponseStatusException(status));
        }
    }

    private static HttpServletRequest closed(HttpServletRequest request) {
        return ClosedForm.isMultipart(request) ? new ClosedForm(request) : request;
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, Exception failure)
            throws IOException, ServletException {
        if (response.isCommitted() || problems.resolveException(request, response, null, cause(failure)) == null) {
            if (failure instanceof IOException io) {
                throw io;
            }
            throw failure instanceof ServletException servlet ? servlet : new ServletException(failure);
        }
    }

    private static Exception cause(Exception failure) {
        return failure instanceof ServletException && failure.getCause() instanceof Exception cause ? cause : failure;
    }

    private void refuse(HttpServletRequest request) {
        if (!isUri(request.getRequestURI())) {
            throw notAnAddress();
        }
        String fault = Query.fault(request.getQueryString());
        if (fault != null) {
            throw new ApiProblem(ProblemType.MALFORMED_REQUEST, fault);
        }
        long length = request.getContentLengthLong();
        if ((length > 0 || isChunked(request)) && WITHOUT_BODY.contains(request.getMethod())) {
            throw new ApiProblem(
                    ProblemType.MALFORMED_REQUEST,
                    "A " + request.getMethod() + " request has no body. Send it without.");
        }
        if (length != 0) {
            refuseEncoded(request.getHeader(HttpHeaders.CONTENT_ENCODING));
        }
        if (length > settings.maxBody().toBytes() && !isUpload(request)) {
            throw isSubmission(request)
                    ? UploadType.unsupported(request)
                    : new ApiProblem(ProblemType.BODY_TOO_LARGE, tooLong(settings));
        }
    }

    private static void refuseEncoded(@Nullable String encoding) {
        if (encoding != null && !encoding.isBlank() && !"identity".equalsIgnoreCase(encoding.strip())) {
            HttpHeaders headers = new HttpHeaders();
            headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
            throw new ApiProblem(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "The body has Content-Encoding '" + LongText.shown(encoding)
                            + "', which is not undone here. Send it without; a .zip or .tar.gz is compressed already.",
                    headers);
        }
    }

    private static boolean isUri(String address) {
        try {
            return new URI(address).getPath() != null;
        } catch (URISyntaxException nonsense) {
            return false;
        }
    }

    /** A problem names the address that it is about, unless it cannot be named. */
    private static ErrorResponseException notAnAddress() {
        ProblemDetail body = Problems.body(ProblemType.MALFORMED_REQUEST, "The address is no URI.");
        body.setInstance(URI.create("/"));
        return new ErrorResponseException(HttpStatus.BAD_REQUEST, body, null);
    }

    static String tooLong(ClientSettings settings) {
        return "The request's body is longer than slipway.api.clients.max-body, "
                + settings.maxBody().toKilobytes()
                + " KB. Only uploads to /jobs, /plans and /projects/{id}/changes may be longer.";
    }

    private static boolean leavesBody(HttpServletRequest request) {
        try {
            return isChunked(request) && !request.getInputStream().isFinished();
        } catch (IOException | IllegalStateException unreadable) {
            return true;
        }
    }

    private static boolean isChunked(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    /** Whether it may be one of those that {@link UploadGate} lets in. */
    static boolean isUpload(HttpServletRequest request) {
        return isSubmission(request)
                && (ClosedForm.isMultipart(request) || UploadType.isProject(request.getContentType()));
    }

    static boolean isSubmission(HttpServletRequest request) {
        return "POST".equals(request.getMethod()) && (UPLOADS.contains(path(request)) || isChange(request));
    }

    static boolean isChange(HttpServletRequest request) {
        return "POST".equals(request.getMethod())
                && CHANGES.matcher(path(request)).matches();
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
