package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.control.NotAnOperator;
import io.slipway.environments.SharedEnvironment;
import io.slipway.environments.UnknownEnvironment;
import io.slipway.jobs.IllegalJobChange;
import io.slipway.jobs.UnknownJob;
import io.slipway.jobs.feed.EventFeed;
import io.slipway.project.InspectionsBusy;
import io.slipway.project.InvalidProject;
import io.slipway.provision.IllegalOrderChange;
import io.slipway.provision.TooManyClusters;
import io.slipway.provision.UnknownOrder;
import io.slipway.provision.UnknownTemplate;
import io.slipway.submission.QuotaExceeded;
import io.slipway.submission.StorageUnavailable;
import io.slipway.submission.UnknownReference;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.servlet.ModelAndView;

/** What every page has, and the page that stands for a failure. */
@ControllerAdvice(basePackageClasses = PageAdvice.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class PageAdvice {

    private static final Logger log = LoggerFactory.getLogger(PageAdvice.class);

    private final EventFeed feed;

    PageAdvice(EventFeed feed) {
        this.feed = feed;
    }

    /** There is no such page. */
    static final class NoSuchPage extends RuntimeException {}

    @ModelAttribute("caller")
    @Nullable
    Caller caller(HttpServletRequest request) {
        return Caller.known(request).orElse(null);
    }

    /**
     * Where a page begins to hear of changes. Read before anything that the page shows, so that no change falls in between; {@code
     * null} for a part of a page, which is there already.
     */
    @ModelAttribute("position")
    @Nullable
    Long position(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean isPage = accept != null && accept.contains(MediaType.TEXT_HTML_VALUE);
        return isPage
                        && request.getHeader("HX-Request") == null
                        && Caller.known(request).isPresent()
                ? feed.end()
                : null;
    }

    /** Whether there is a login to end: a token that the browser keeps. */
    @ModelAttribute("loggedIn")
    boolean loggedIn(HttpServletRequest request) {
        return request.getCookies() != null
                && java.util.Arrays.stream(request.getCookies())
                        .anyMatch(cookie -> cookie.getName().endsWith("slipway-session"));
    }

    /** Read here, before the first byte of the page: the token's cookie is a header. */
    @ModelAttribute("csrf")
    @Nullable
    String csrf(HttpServletRequest request) {
        return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token ? token.getToken() : null;
    }

    @ExceptionHandler(NoSuchPage.class)
    ModelAndView noPage(HttpServletRequest request, HttpServletResponse response) {
        return page(request, response, HttpStatus.NOT_FOUND, "There is no such page", "The address leads nowhere.");
    }

    @ExceptionHandler
    ModelAndView unknown(UnknownJob unknown, HttpServletRequest request, HttpServletResponse response) {
        return page(request, response, HttpStatus.NOT_FOUND, "There is no such job", text(unknown));
    }

    @ExceptionHandler
    ModelAndView unknown(UnknownEnvironment unknown, HttpServletRequest request, HttpServletResponse response) {
        return page(request, response, HttpStatus.NOT_FOUND, "There is no such environment", text(unknown));
    }

    @ExceptionHandler({InvalidProject.class, UnknownReference.class})
    ModelAndView refused(RuntimeException refused, HttpServletRequest request, HttpServletResponse response) {
        return page(request, response, HttpStatus.UNPROCESSABLE_CONTENT, "The job was not accepted", text(refused));
    }

    @ExceptionHandler
    ModelAndView tooMuch(QuotaExceeded exceeded, HttpServletRequest request, HttpServletResponse response) {
        // Rounded up: who comes exactly then is not refused again.
        long seconds = exceeded.retryAfter().plusMillis(999).toSeconds();
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        return page(
                request,
                response,
                HttpStatus.TOO_MANY_REQUESTS,
                "The job was not accepted",
                text(exceeded) + " Nothing was accepted; try again in " + seconds + " s.");
    }

    @ExceptionHandler
    ModelAndView tooLate(IllegalJobChange late, HttpServletRequest request, HttpServletResponse response) {
        return page(request, response, HttpStatus.CONFLICT, "The job went on meanwhile", text(late));
    }

    @ExceptionHandler({NotAnOperator.class, SharedEnvironment.class})
    ModelAndView notAllowed(RuntimeException refused, HttpServletRequest request, HttpServletResponse response) {
        return page(request, response, HttpStatus.FORBIDDEN, "Only operators may do that", text(refused));
    }

    @ExceptionHandler({UnknownTemplate.class, UnknownOrder.class})
    ModelAndView noOrder(RuntimeException unknown, HttpServletRequest request, HttpServletResponse response) {
        return page(request, response, HttpStatus.NOT_FOUND, "There is no such cluster", text(unknown));
    }

    @ExceptionHandler({TooManyClusters.class, IllegalOrderChange.class})
    ModelAndView notNow(RuntimeException refused, HttpServletRequest request, HttpServletResponse response) {
        return page(request, response, HttpStatus.CONFLICT, "That cannot be done now", text(refused));
    }

    @ExceptionHandler
    ModelAndView busy(InspectionsBusy busy, HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(HttpHeaders.RETRY_AFTER, "5");
        return page(
                request,
                response,
                HttpStatus.SERVICE_UNAVAILABLE,
                "Too many projects are looked at",
                text(busy) + " Try again in a few seconds.");
    }

    @ExceptionHandler
    ModelAndView storage(StorageUnavailable failure, HttpServletRequest request, HttpServletResponse response) {
        log.warn("A submission could not be stored: {}", failure.getMessage(), failure.getCause());
        return page(
                request,
                response,
                HttpStatus.SERVICE_UNAVAILABLE,
                "The store cannot be reached",
                text(failure) + " Nothing was accepted; send it again.");
    }

    private ModelAndView page(
            HttpServletRequest request, HttpServletResponse response, HttpStatus status, String title, String detail) {
        response.setStatus(status.value());
        ModelAndView page = new ModelAndView("failure");
        page.addObject("status", status.value());
        page.addObject("heading", title);
        page.addObject("detail", detail);
        page.addObject("caller", caller(request));
        page.addObject("loggedIn", loggedIn(request));
        page.addObject("csrf", csrf(request));
        return page;
    }

    private static String text(RuntimeException failure) {
        return String.valueOf(failure.getMessage());
    }
}
