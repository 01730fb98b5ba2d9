package io.slipway.api.clients;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the limits into the server. */
@Configuration(proxyBeanMethods = false)
class ClientsConfiguration {

    /** @param max threads for requests; virtual threads are counted against it too */
    @ConfigurationProperties("server.tomcat.threads")
    record Threads(@DefaultValue("200") int max) {}

    @Bean
    WaitingSlots waitingSlots(Threads threads, ClientSettings settings) {
        return new WaitingSlots(threads.max(), settings);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> guardedServer(
            WaitingSlots slots, ClientSettings settings) {
        return factory -> {
            factory.setProtocol(GuardedProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                if (connector.getProtocolHandler() instanceof GuardedProtocol protocol) {
                    protocol.use(slots, settings);
                    protocol.setContinueResponseTiming("onRead");
                    protocol.setConnectionTimeout((int) settings.headers().toMillis());
                }
            });
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ProblemReportValve.class.getName());
                }
            });
        };
    }
}
