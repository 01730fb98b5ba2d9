package io.slipway.api;

import io.slipway.api.clients.ClientSettings;
import io.slipway.submission.Incoming;
import io.slipway.submission.Quotas;
import io.slipway.submission.SubmissionSettings;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** How requests, and uploads above all, get from the socket to their handlers. */
@Configuration(proxyBeanMethods = false)
class UploadConfiguration {

    /** Behind the security filters (order -100): who may not submit does not fill the disk. */
    private static final int AFTER_SECURITY = 0;

    @Bean
    FilterRegistrationBean<RequestFilter> requestFilter(
            ClientSettings settings, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        FilterRegistrationBean<RequestFilter> first =
                registered(new RequestFilter(settings, problems), Ordered.HIGHEST_PRECEDENCE);
        // An error's page must not read the form either.
        first.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ERROR);
        return first;
    }

    @Bean
    FilterRegistrationBean<OwnerFilter> ownerFilter() {
        FilterRegistrationBean<OwnerFilter> owner = registered(new OwnerFilter(), AFTER_SECURITY);
        owner.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        return owner;
    }

    @Bean
    FilterRegistrationBean<UploadGate> uploadGate(SubmissionSettings settings, Incoming incoming, Quotas quotas) {
        // Of every address: which are uploads is said in one spot, by RequestFilter.
        return registered(new UploadGate(settings, incoming, quotas), AFTER_SECURITY + 1);
    }

    private static <F extends Filter> FilterRegistrationBean<F> registered(F filter, int order) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        return registration;
    }
}
