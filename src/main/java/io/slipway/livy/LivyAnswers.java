package io.slipway.livy;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * What was refused before a batch was looked at (no token, no such address, a parameter that is no number, a body that is too long), in
 * Livy's form: its clients read {@code msg}.
 */
@ConditionalOnBooleanProperty("slipway.livy.enabled")
@ControllerAdvice
class LivyAnswers implements ResponseBodyAdvice<Object> {

    private final ObjectProvider<LivyPort> ownPort;

    LivyAnswers(ObjectProvider<LivyPort> ownPort) {
        this.ownPort = ownPort;
    }

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest asked,
            ServerHttpResponse answer) {
        if (!(body instanceof ProblemDetail problem)
                || !(asked instanceof ServletServerHttpRequest request)
                || !isOfLivy(problem.getInstance(), request.getServletRequest())) {
            return body;
        }
        answer.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        return Map.of("msg", String.valueOf(problem.getDetail()));
    }

    /** A problem names the address that was asked for, also where it is written by the page of errors. */
    private boolean isOfLivy(@Nullable URI address, HttpServletRequest request) {
        LivyPort port = ownPort.getIfAvailable();
        if (port != null && port.isAskedBy(request)) {
            return true;
        }
        String path = address == null ? request.getRequestURI() : String.valueOf(address.getPath());
        return path.startsWith(request.getContextPath() + "/livy/");
    }
}
