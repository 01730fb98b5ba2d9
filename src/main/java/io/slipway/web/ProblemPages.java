package io.slipway.web;

import io.slipway.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.ViewResolver;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * What the API answers, for a person whose browser asked for a page: what went wrong as a page, wherever it did, the filters included;
 * and the way to the job that a form has made. Programs get the answer itself.
 */
@ControllerAdvice
class ProblemPages implements ResponseBodyAdvice<Object> {

    /** How soon a page of a service that is away asks again, in seconds. */
    private static final String SOON = "5";

    private final ViewResolver views;

    ProblemPages(ViewResolver viewResolver) {
        this.views = viewResolver;
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
        if (!(asked instanceof ServletServerHttpRequest request)
                || !(answer instanceof ServletServerHttpResponse response)) {
            return body;
        }
        if (body instanceof ProblemDetail problem) {
            if (wantsPage(request.getServletRequest())) {
                show(problem, request.getServletRequest(), response);
                return null;
            }
        } else if (HtmlFrontDoor.isPlainForm(request.getServletRequest())) {
            goToJob(request.getServletRequest(), response);
            return null;
        }
        return body;
    }

    /** The API's answer names the job's address; its page has the same id. */
    private static void goToJob(HttpServletRequest request, ServletServerHttpResponse response) {
        String job = String.valueOf(response.getHeaders().getLocation());
        response.getHeaders()
                .set(HttpHeaders.LOCATION, request.getContextPath() + "/ui/jobs" + job.substring(job.lastIndexOf('/')));
        response.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
        response.setStatusCode(HttpStatus.SEE_OTHER);
    }

    /** Our own pages, and what a browser opens by itself. */
    private static boolean wantsPage(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        boolean isPage =
                path.equals("/ui") || path.startsWith("/ui/") || "document".equals(request.getHeader("Sec-Fetch-Dest"));
        return isPage && HtmlFrontDoor.prefersHtml(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
    }

    private void show(ProblemDetail problem, HttpServletRequest request, ServletServerHttpResponse response) {
        ContentCachingResponseWrapper page = new ContentCachingResponseWrapper(response.getServletResponse());
        try {
            View view = views.resolveViewName("failure", Locale.ENGLISH);
            if (view == null) {
                throw new IllegalStateException("the page of failures is missing");
            }
            view.render(model(problem, request), request, page);
            boolean isAway = problem.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value();
            if (isAway && "GET".equals(request.getMethod())) {
                response.getHeaders().set("Refresh", SOON);
            }
            response.getHeaders().setContentType(MediaType.valueOf("text/html;charset=UTF-8"));
            response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
            response.getBody().write(page.getContentAsByteArray());
        } catch (Exception failure) {
            throw new IllegalStateException("the page of a failure could not be made", failure);
        }
    }

    /** Nobody is named who may not be known: the database that knows logins may be what is away. */
    private static Map<String, Object> model(ProblemDetail problem, HttpServletRequest request) {
        Map<String, Object> model = new HashMap<>();
        model.put("status", problem.getStatus());
        model.put("heading", String.valueOf(problem.getTitle()));
        model.put("detail", String.valueOf(problem.getDetail()));
        model.put("retries", problem.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value());
        Caller.known(request).ifPresent(caller -> model.put("caller", caller));
        return model;
    }
}
