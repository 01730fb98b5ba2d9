package io.slipway.api;

import io.slipway.api.clients.ClientFault;
import io.slipway.api.clients.Turn;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The server's error page: what went wrong outside of every handler. Opened by hand it is an address like any other. */
@RestController
class ErrorsController implements ErrorController {

    private final Problems problems;

    ErrorsController(Problems problems) {
        this.problems = problems;
    }

    @Hidden
    @RequestMapping("${server.error.path:/error}")
    ResponseEntity<Object> answer(HttpServletRequest request) {
        ResponseEntity<Object> answer = refusal(request);
        if (answer.getBody() instanceof ProblemDetail problem
                && request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String asked) {
            problem.setInstance(instance(asked));
        }
        return answer;
    }

    /** A problem names the address that was asked for, not that of this page. */
    private static URI instance(String asked) {
        try {
            return new URI(asked);
        } catch (URISyntaxException nonsense) {
            return URI.create("/");
        }
    }

    private ResponseEntity<Object> refusal(HttpServletRequest request) {
        Turn turn = Turn.current();
        ClientFault fault = turn == null ? null : turn.fault();
        if (fault != null) {
            return problems.refused(fault);
        }
        HttpStatus status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? HttpStatus.resolve(code)
                : HttpStatus.NOT_FOUND;
        return problems.refused(status == null || status.value() < 400 ? HttpStatus.INTERNAL_SERVER_ERROR : status);
    }
}
