package io.slipway.api;

import io.slipway.submission.Incoming;
import io.slipway.submission.Quotas;
import io.slipway.submission.SubmissionSettings;
import jakarta.servlet.MultipartConfigElement;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** How uploads get from the socket to the disk. */
@Configuration(proxyBeanMethods = false)
class UploadConfiguration {

    /** Behind the security filters (order -100): who may not submit does not fill the disk. */
    private static final int AFTER_SECURITY = 0;

    @Bean
    FilterRegistrationBean<UploadGate> uploadGate(
            SubmissionSettings settings,
            Incoming incoming,
            Quotas quotas,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        FilterRegistrationBean<UploadGate> gate =
                new FilterRegistrationBean<>(new UploadGate(settings, incoming, quotas, problems));
        gate.addUrlPatterns("/jobs");
        gate.setOrder(AFTER_SECURITY);
        return gate;
    }

    /** Every file part goes to the disk as it comes, whatever its size. */
    @Bean
    MultipartConfigElement multipartConfigElement(Incoming incoming, SubmissionSettings settings) {
        long longest = settings.maxUpload().toBytes();
        return new MultipartConfigElement(incoming.folder().toString(), longest, longest, 0);
    }

    /** Tomcat answers {@code Expect: 100-continue} by itself at once, unless told to wait until somebody reads the body. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> continueWhenTheBodyIsWanted() {
        return factory -> factory.addConnectorCustomizers(connector -> {
            if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
                http.setContinueResponseTiming("onRead");
            }
        });
    }
}
