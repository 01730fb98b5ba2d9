package io.slipway.artifacts;

import java.util.Map;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;

/**
 * Takes {@code slipway.home} before anything else is done: a second service on it must not so much as sweep the uploads of the first. It
 * is given back last of all.
 */
public final class HomeAtStart implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (!(context instanceof WebServerApplicationContext)) {
            return; // a part of the service, in a test
        }
        Home home = Binder.get(context.getEnvironment()).bindOrCreate("slipway", Home.class);
        // Absolute for everybody who reads the setting: H2 takes no path that depends on where the service was started.
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "slipwayHome", Map.of("slipway.home", home.home().toString())));
        HomeLock lock = HomeLock.take(home.home());
        ((DefaultListableBeanFactory) context.getBeanFactory()).registerDisposableBean("homeLock", lock::close);
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
