package io.slipway.livy;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Describes the settings; the room's parts are there only while it is on. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LivySettings.class)
class LivyConfiguration {

    /** A port of its own, where one is set. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty("slipway.livy.enabled")
    @ConditionalOnProperty(name = "slipway.livy.port", matchIfMissing = false)
    static class OwnPort {

        @Bean
        LivyPort livyPort(LivySettings settings) {
            return new LivyPort(settings.port());
        }

        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> livyConnector(LivyPort port, LivySettings settings) {
            return factory -> {
                if (settings.port() > 0) {
                    port.connector()
                            .setProperty(
                                    "address",
                                    factory.getAddress() == null
                                            ? "0.0.0.0"
                                            : factory.getAddress().getHostAddress());
                    factory.addAdditionalConnectors(port.connector());
                }
            };
        }

        @Bean
        FilterRegistrationBean<LivyPort> livyPaths(LivyPort port) {
            FilterRegistrationBean<LivyPort> registration = new FilterRegistrationBean<>(port);
            // Before anybody looks at the path.
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            return registration;
        }
    }
}
