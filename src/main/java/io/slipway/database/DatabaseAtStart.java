package io.slipway.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Opens the database once before anything is started, so that one that cannot be used is a sentence and not the end of a stack. An
 * embedded one stays open until everything else has stopped.
 */
public final class DatabaseAtStart implements ApplicationListener<ApplicationContextInitializedEvent>, Ordered {

    private static final String URL = "spring.datasource.url";
    private static final String SECONDS = "5";

    /** H2's numbers for a file that another process has open. */
    private static final int ALREADY_OPEN = 90020;

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 1;
    }

    @Override
    public void onApplicationEvent(ApplicationContextInitializedEvent event) {
        ConfigurableApplicationContext context = event.getApplicationContext();
        String url = context.getEnvironment().getProperty(URL, "");
        boolean isOurs = context instanceof WebServerApplicationContext
                && !context.getEnvironment().containsProperty("spring.datasource.jndi-name");
        if (!isOurs || url.isBlank()) {
            return;
        }
        try {
            if (H2File.isEmbedded(url)) {
                openEmbedded(context, url);
            } else {
                connect(context.getEnvironment(), url).close();
            }
        } catch (SQLException failure) {
            close(context);
            throw unreachable(url, failure);
        } catch (IllegalStateException refused) {
            close(context);
            throw refused;
        }
    }

    /** Nothing else would: a context that was never refreshed has nothing to close. */
    private static void close(ConfigurableApplicationContext context) {
        context.getBeanFactory().destroySingletons();
    }

    private static void openEmbedded(ConfigurableApplicationContext context, String given) throws SQLException {
        String url = H2File.closedByUs(given);
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("embeddedDatabase", Map.of(URL, url)));
        H2File file = H2File.of(url).orElse(null);
        if (file == null) {
            return;
        }
        try {
            file.prepare();
            Connection open = connect(context.getEnvironment(), url);
            ((DefaultListableBeanFactory) context.getBeanFactory()).registerDisposableBean("openDatabase", open::close);
            file.requireOurTables(
                    open, context.getEnvironment().getProperty("spring.flyway.table", "flyway_schema_history"));
            file.tighten();
            context.addApplicationListener((ContextRefreshedEvent begun) -> begun(file));
        } catch (SQLException failure) {
            throw refused(file, url, failure);
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "The database " + shown(url) + " (spring.datasource.url) cannot be opened: " + failure + ".",
                    failure);
        }
    }

    private static void begun(H2File file) {
        try {
            file.hasBegun();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static RuntimeException refused(H2File file, String url, SQLException failure) {
        if (failure.getErrorCode() == ALREADY_OPEN) {
            return new IllegalStateException(
                    "The database " + shown(url)
                            + " (spring.datasource.url) is locked: another process has it open. Stop that one, or choose another"
                            + " slipway.home.",
                    failure);
        }
        // Its own classes of damage and of input and output: everything else is about who opens it, or with which
        // settings.
        boolean damaged =
                failure.getErrorCode() == 90030 || failure.getErrorCode() == 90028 || failure.getErrorCode() == 50000;
        return damaged ? file.refused("is damaged (" + firstLine(failure) + ")") : unreachable(url, failure);
    }

    private static IllegalStateException unreachable(String url, SQLException failure) {
        return new IllegalStateException(
                "The database " + shown(url) + " cannot be opened: " + firstLine(failure)
                        + " Check spring.datasource.url, .username and .password, and whether it runs.",
                failure);
    }

    private static Connection connect(ConfigurableEnvironment settings, String url) throws SQLException {
        Properties how = new Properties();
        put(how, "user", either(settings, "username"));
        put(how, "password", either(settings, "password"));
        if (url.startsWith("jdbc:postgresql:")) {
            how.put("connectTimeout", SECONDS);
            how.put("loginTimeout", SECONDS);
            how.put("socketTimeout", SECONDS);
        }
        return DriverManager.getConnection(url, how);
    }

    /** The pool takes its own before the common one. */
    private static @Nullable String either(ConfigurableEnvironment settings, String name) {
        Binder binder = Binder.get(settings);
        return binder.bind("spring.datasource.hikari." + name, String.class)
                .orElseGet(() ->
                        binder.bind("spring.datasource." + name, String.class).orElse(null));
    }

    private static void put(Properties how, String name, @Nullable String value) {
        if (value != null) {
            how.put(name, value);
        }
    }

    /** Without its parameters, which may hold a password. */
    private static String shown(String url) {
        return url.split("[?;]", 2)[0];
    }

    private static String firstLine(SQLException failure) {
        String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return StringUtils.trimTrailingCharacter(line, '.') + ".";
    }
}
