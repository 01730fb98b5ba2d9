package io.slipway.artifacts;

import java.util.Map;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;

/**
 * Takes {@code slipway.home} before anything else is done: a second service on it must not so much as sweep the uploads of the first. It
 * is given back last of all.
 */
public final class HomeAtStart implements ApplicationListener<ApplicationContextInitializedEvent>, Ordered {

    @Override
    public void onApplicationEvent(ApplicationContextInitializedEvent event) {
        // Only now has every setting its value: some come by initializers, those of tests among them.
        ConfigurableApplicationContext context = event.getApplicationContext();
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
