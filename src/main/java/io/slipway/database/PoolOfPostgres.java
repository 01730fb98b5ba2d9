package io.slipway.database;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;

/** Limits for a database on another machine; an embedded one is never away. */
@Configuration(proxyBeanMethods = false)
class PoolOfPostgres {

    private static final long CONNECTION_MILLIS = 2_500;
    private static final long VALIDATION_MILLIS = 1_000;
    private static final String LOGIN_SECONDS = "3";

    @Bean
    static Limits limitsOfTheDatabase(Environment settings) {
        return new Limits(settings);
    }

    /** Settings of {@code spring.datasource.hikari} and parameters of the URL hold where they are given. */
    static final class Limits implements BeanPostProcessor, ApplicationListener<ContextRefreshedEvent> {

        private final Environment settings;
        private volatile @Nullable PatientDataSource patient;

        Limits(Environment settings) {
            this.settings = settings;
        }

        @Override
        public Object postProcessBeforeInitialization(Object bean, String name) {
            if (bean instanceof HikariDataSource pool && isPostgres(pool)) {
                if (!settings.containsProperty("spring.datasource.hikari.connection-timeout")) {
                    pool.setConnectionTimeout(CONNECTION_MILLIS);
                }
                if (!settings.containsProperty("spring.datasource.hikari.validation-timeout")) {
                    pool.setValidationTimeout(Math.min(VALIDATION_MILLIS, pool.getConnectionTimeout()));
                }
                for (String limit : new String[] {"connectTimeout", "loginTimeout"}) {
                    if (!String.valueOf(pool.getJdbcUrl()).contains(limit + "=")) {
                        pool.getDataSourceProperties().putIfAbsent(limit, LOGIN_SECONDS);
                    }
                }
            }
            return bean;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof HikariDataSource pool && isPostgres(pool)) {
                PatientDataSource made = new PatientDataSource(pool);
                patient = made;
                return made;
            }
            return bean;
        }

        private static boolean isPostgres(HikariDataSource pool) {
            return pool.getJdbcUrl() != null && pool.getJdbcUrl().startsWith("jdbc:postgresql:");
        }

        @Override
        public void onApplicationEvent(ContextRefreshedEvent started) {
            PatientDataSource made = patient;
            if (made != null) {
                made.started();
            }
        }
    }
}
