package io.slipway.livy;

import io.slipway.jobs.UnknownJob;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.InvalidProject;
import io.slipway.sources.SourceFailure;
import io.slipway.submission.IdempotencyKeyReused;
import io.slipway.submission.PlanHasWarnings;
import io.slipway.submission.QuotaExceeded;
import io.slipway.submission.StorageUnavailable;
import io.slipway.submission.UnknownReference;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Failures in Livy's form, {@code {"msg": …}}, for this room's controllers alone. */
@ConditionalOnBooleanProperty("slipway.livy.enabled")
@RestControllerAdvice(assignableTypes = BatchesController.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class LivyRefusals {

    private static final Logger log = LoggerFactory.getLogger(LivyRefusals.class);

    @ExceptionHandler
    ResponseEntity<Map<String, String>> rejected(Rejected rejected) {
        return answer(rejected.status(), String.valueOf(rejected.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> invalid(InvalidProject invalid) {
        String all = Stream.concat(
                        Stream.of(String.valueOf(invalid.getMessage())),
                        invalid.details().stream().map(detail -> detail.at() + ": " + detail.message()))
                .collect(Collectors.joining(" "));
        return rejected(Rejected.because(all));
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> source(SourceFailure failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure.kind()) {
            case NOT_ALLOWED -> answer(HttpStatus.FORBIDDEN, message);
            case UNAVAILABLE -> answer(HttpStatus.SERVICE_UNAVAILABLE, message);
            case INVALID, NOT_FOUND, CHANGED, TOO_LARGE -> rejected(Rejected.because(message));
        };
    }

    @ExceptionHandler({
        UnknownReference.class,
        IdempotencyKeyReused.class,
        PlanHasWarnings.class,
    })
    ResponseEntity<Map<String, String>> refused(RuntimeException refused) {
        return rejected(Rejected.because(String.valueOf(refused.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> tooMany(QuotaExceeded tooMany) {
        log.debug("A batch was rejected: {}", tooMany.getMessage());
        return answer(HttpStatus.BAD_REQUEST, "Rejected, too many sessions are being created!");
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> unknown(UnknownJob gone) {
        return answer(HttpStatus.NOT_FOUND, "Session not found.");
    }

    @ExceptionHandler({StorageUnavailable.class, InspectionsBusy.class, DataAccessException.class})
    ResponseEntity<Map<String, String>> later(RuntimeException busy) {
        log.warn("A request for batches could not be answered: {}", busy.toString());
        return answer(HttpStatus.SERVICE_UNAVAILABLE, "The service cannot answer now. Send the request again.");
    }

    private static ResponseEntity<Map<String, String>> answer(HttpStatus status, String message) {
        // Whatever the client says that it reads: with nothing to choose from, the refusal would end as a fault of
        // ours.
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("msg", message));
    }
}
