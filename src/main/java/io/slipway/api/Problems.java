package io.slipway.api;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.api.clients.ClientFault;
import io.slipway.api.clients.ClientSettings;
import io.slipway.api.stream.TooManyStreams;
import io.slipway.control.NotAnOperator;
import io.slipway.database.DatabaseAway;
import io.slipway.environments.SharedEnvironment;
import io.slipway.environments.UnknownEnvironment;
import io.slipway.jobs.UnknownJob;
import io.slipway.logs.LogsUnavailable;
import io.slipway.logs.UnknownLog;
import io.slipway.logs.UnknownResult;
import io.slipway.project.DiskFull;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.InvalidProject;
import io.slipway.provision.IllegalOrderChange;
import io.slipway.provision.TooManyClusters;
import io.slipway.provision.UnknownOrder;
import io.slipway.provision.UnknownOrphan;
import io.slipway.provision.UnknownTemplate;
import io.slipway.sources.SourceFailure;
import io.slipway.submission.IdempotencyKeyReused;
import io.slipway.submission.PlanHasWarnings;
import io.slipway.submission.QuotaExceeded;
import io.slipway.submission.StorageUnavailable;
import io.slipway.submission.UnknownReference;
import java.util.List;
import java.util.Map;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/** Makes answers of all exceptions: RFC 9457 problems of {@link ProblemType}, never a stack trace. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    /** Seconds after which a refused upload may well be taken. */
    private static final int RETRY_AFTER = 5;

    private final ClientSettings clients;

    Problems(ClientSettings clients) {
        this.clients = clients;
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(ApiProblem problem) {
        return answer(body(problem.type(), String.valueOf(problem.getMessage())), problem.headers());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(InvalidProject invalid) {
        ProblemDetail body = body(ProblemType.of(invalid.problem()), String.valueOf(invalid.getMessage()));
        List<Map<String, String>> errors = invalid.details().stream()
                .map(detail -> Map.of("at", detail.at(), "message", detail.message()))
                .toList();
        if (!errors.isEmpty()) {
            body.setProperty("errors", errors);
        }
        return answer(body, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(PlanHasWarnings refused) {
        ProblemDetail body = body(ProblemType.FINDINGS, String.valueOf(refused.getMessage()));
        body.setProperty(
                "errors",
                refused.warnings().stream()
                        .map(warning -> Map.of(
                                "at", warning.at(),
                                "code", warning.code(),
                                "message", warning.what() + " " + warning.wayOut()))
                        .toList());
        return answer(body, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(UnknownReference unknown) {
        return answer(
                unknown.field().equals("cluster") ? ProblemType.UNKNOWN_CLUSTER : ProblemType.UNKNOWN_PROJECT,
                unknown.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(SourceFailure failure) {
        ProblemType type = switch (failure.kind()) {
            case INVALID -> ProblemType.INVALID_SOURCE;
            case NOT_ALLOWED -> ProblemType.SOURCE_NOT_ALLOWED;
            case NOT_FOUND -> ProblemType.SOURCE_NOT_FOUND;
            case CHANGED -> ProblemType.SOURCE_CHANGED;
            case TOO_LARGE -> ProblemType.UPLOAD_TOO_LARGE;
            case UNAVAILABLE -> ProblemType.SOURCE_UNAVAILABLE;
        };
        return answer(type, failure.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(UnknownJob unknown) {
        return answer(ProblemType.JOB_NOT_FOUND, unknown.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(NotAnOperator refused) {
        return answer(ProblemType.NOT_AN_OPERATOR, refused.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(UnknownTemplate unknown) {
        return answer(ProblemType.NOT_MADE_TO_ORDER, unknown.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(UnknownOrder unknown) {
        return answer(ProblemType.ORDER_NOT_FOUND, unknown.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(UnknownOrphan unknown) {
        return answer(ProblemType.ORPHAN_NOT_FOUND, unknown.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(IllegalOrderChange unclear) {
        return answer(ProblemType.ORDER_UNCLEAR, unclear.getMessage() + " Try again in a minute.");
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(TooManyClusters tooMany) {
        return answer(ProblemType.TOO_MANY_CLUSTERS, tooMany.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(SharedEnvironment shared) {
        return answer(ProblemType.NOT_AN_OPERATOR, shared.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(UnknownEnvironment unknown) {
        return answer(ProblemType.ENVIRONMENT_NOT_FOUND, unknown.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(UnknownLog unknown) {
        HttpHeaders headers = new HttpHeaders();
        unknown.retryAfter().ifPresent(pause -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(pause.toSeconds())));
        ProblemType type = unknown.retryAfter().isPresent() ? ProblemType.LOG_NOT_YET_THERE : ProblemType.LOG_NOT_FOUND;
        return answer(body(type, String.valueOf(unknown.getMessage())), headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(UnknownResult unknown) {
        return answer(ProblemType.RESULT_NOT_FOUND, unknown.getMessage());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(IdempotencyKeyReused reused) {
        ProblemDetail body = body(ProblemType.IDEMPOTENCY_KEY_REUSED, String.valueOf(reused.getMessage()));
        body.setProperty("job", reused.jobId().value());
        return answer(body, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(QuotaExceeded exceeded) {
        ProblemType type = exceeded.kind() == QuotaExceeded.Kind.JOBS
                ? ProblemType.TOO_MANY_JOBS
                : ProblemType.TOO_MANY_SUBMISSIONS;
        HttpHeaders headers = new HttpHeaders();
        // Rounded up: a client that comes exactly then is not refused again.
        headers.set(
                HttpHeaders.RETRY_AFTER,
                Long.toString(exceeded.retryAfter().plusMillis(999).toSeconds()));
        return answer(body(type, String.valueOf(exceeded.getMessage())), headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> refused(TooManyStreams refused) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_AFTER));
        return answer(
                body(
                        refused.isOfOwner() ? ProblemType.TOO_MANY_OWN_STREAMS : ProblemType.TOO_MANY_STREAMS,
                        String.valueOf(refused.getMessage())),
                headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> failed(StorageUnavailable failure) {
        if (failure.getCause() instanceof DiskFull full) {
            log.warn("A submission was given up: {}", full.getMessage());
            return answer(
                    ProblemType.DISK_FULL,
                    full.getMessage() + " Less than slipway.submission.min-free-disk would stay free under"
                            + " slipway.home. Nothing was accepted; send it again later.");
        }
        log.warn("A submission could not be stored: {}", failure.getMessage(), failure.getCause());
        return answer(ProblemType.STORAGE_UNAVAILABLE, failure.getMessage() + " Nothing was accepted; send it again.");
    }

    @ExceptionHandler
    ResponseEntity<Object> failed(InspectionsBusy busy) {
        log.warn("{}", busy.getMessage());
        return answer(ProblemType.INSPECTIONS_BUSY, busy.getMessage() + " Nothing was accepted; send it again.");
    }

    @ExceptionHandler
    ResponseEntity<Object> failed(LogsUnavailable failure) {
        log.warn("{}", failure.getMessage());
        return answer(ProblemType.LOGS_UNAVAILABLE, failure.getMessage());
    }

    /** A query or a form that cannot be taken apart. */
    @ExceptionHandler
    ResponseEntity<Object> refused(InvalidParameterException invalid) {
        ClientFault fault = cause(invalid, ClientFault.class);
        if (fault != null) {
            return refused(fault);
        }
        return invalid.getErrorCode() == HttpStatus.CONTENT_TOO_LARGE.value()
                ? answer(ProblemType.BODY_TOO_LARGE, RequestFilter.tooLong(clients))
                : answer(
                        ProblemType.MALFORMED_REQUEST,
                        "The parameters cannot be read: a % without two hexadecimal digits, text that is not UTF-8, or"
                                + " too many of them.");
    }

    /** The firewall looks at some headers and parameters only when they are asked for. */
    @ExceptionHandler
    ResponseEntity<Object> refused(RequestRejectedException refused) {
        return answer(
                ProblemType.MALFORMED_REQUEST,
                "A header or a parameter has characters that none may have. Leave control characters out of names and"
                        + " of headers.");
    }

    ResponseEntity<Object> refused(ClientFault fault) {
        return switch (fault.kind()) {
            case TOO_LONG -> answer(ProblemType.BODY_TOO_LARGE, RequestFilter.tooLong(clients));
            case TOO_SLOW -> answer(ProblemType.TOO_SLOW, fault.getMessage() + " Send it again.");
            case NO_SLOT -> answer(ProblemType.TOO_MANY_CLIENTS, fault.getMessage() + " Try again in a few seconds.");
        };
    }

    /** What the server itself refuses. */
    ResponseEntity<Object> refused(HttpStatus status) {
        ProblemType type = status == HttpStatus.BAD_REQUEST ? ProblemType.MALFORMED_REQUEST : typeOf(status);
        return answer(
                problem(
                        type,
                        status,
                        type == ProblemType.INTERNAL_ERROR
                                ? "The request failed by a fault of ours; the service's log says more."
                                : "The request was refused before anybody could look at it: " + status.getReasonPhrase()
                                        + "."),
                new HttpHeaders());
    }

    private static ProblemDetail problem(ProblemType type, HttpStatusCode status, String detail) {
        ProblemDetail problem = body(type, detail);
        problem.setStatus(status.value());
        return problem;
    }

    private static <T> @Nullable T cause(Throwable failure, Class<T> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return kind.cast(each);
            }
        }
        return null;
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> failed(Exception fault) {
        if (DisconnectedClientHelper.isClientDisconnectedException(fault)) {
            log.debug("A client went: {}", fault.toString());
            return null;
        }
        if (DatabaseAway.isCauseOf(fault)) {
            log.warn("A request failed, the database does not answer: {}", fault.toString());
            return answer(ProblemType.DATABASE_UNAVAILABLE, ProblemType.DATABASE_UNAVAILABLE.example());
        }
        ClientFault refused = cause(fault, ClientFault.class);
        if (refused != null) {
            return refused(refused);
        }
        // What Tomcat says of a body while it is read.
        return cause(fault, BadRequestException.class) != null
                ? answer(
                        ProblemType.MALFORMED_REQUEST,
                        "The body cannot be read: its chunks are none, or what stands around them is too long.")
                : fault(fault);
    }

    private static ResponseEntity<Object> fault(Exception fault) {
        String id = UlidCreator.getUlid().toString();
        log.error("Fault {}: {}", id, fault.toString(), fault);
        return answer(
                ProblemType.INTERNAL_ERROR,
                "The request failed by a fault of ours; the service's log has it under id " + id + ".");
    }

    /** Spring's own refusals keep their words and get our types. */
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception refusal, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail problem = problemOf(refusal, body, status);
        if (request instanceof ServletWebRequest web) {
            Refusals.detail(refusal, web.getRequest()).ifPresent(problem::setDetail);
        }
        ProblemType type = ProblemType.of(problem.getType()).orElseGet(() -> typeOf(status));
        problem.setType(type.type());
        problem.setTitle(type.title());
        return answer(problem, headers);
    }

    private ProblemDetail problemOf(Exception refusal, @Nullable Object body, HttpStatusCode status) {
        if (body instanceof ProblemDetail given) {
            return given;
        }
        return refusal instanceof ErrorResponse response
                ? response.updateAndGetBody(getMessageSource(), LocaleContextHolder.getLocale())
                : ProblemDetail.forStatusAndDetail(status, String.valueOf(refusal.getMessage()));
    }

    private static ProblemType typeOf(HttpStatusCode status) {
        HttpStatus known = HttpStatus.resolve(status.value());
        if (known == null) {
            return status.is4xxClientError() ? ProblemType.MALFORMED_REQUEST : ProblemType.INTERNAL_ERROR;
        }
        return switch (known) {
            case NOT_FOUND -> ProblemType.NOT_FOUND;
            case METHOD_NOT_ALLOWED -> ProblemType.METHOD_NOT_ALLOWED;
            case NOT_ACCEPTABLE -> ProblemType.NOT_ACCEPTABLE;
            case UNSUPPORTED_MEDIA_TYPE -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            default -> status.is4xxClientError() ? ProblemType.INVALID_PARAMETER : ProblemType.INTERNAL_ERROR;
        };
    }

    private static ResponseEntity<Object> answer(ProblemType type, @Nullable String detail) {
        return answer(body(type, String.valueOf(detail)), new HttpHeaders());
    }

    static ProblemDetail body(ProblemType type, String detail) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(type.status(), detail);
        body.setType(type.type());
        body.setTitle(type.title());
        return body;
    }

    private static ResponseEntity<Object> answer(ProblemDetail body, HttpHeaders given) {
        HttpHeaders headers = new HttpHeaders();
        headers.addAll(given);
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (body.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_AFTER));
        }
        return ResponseEntity.status(body.getStatus()).headers(headers).body(body);
    }
}
