package io.slipway.reconcile;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;

/** Profile {@code aws} is for several replicas, which need one database; the embedded one serves one process. */
@Configuration(proxyBeanMethods = false)
@Profile("aws")
class SharedDatabase {

    /** Before any bean is made: a data source would already look for the database. */
    @Bean
    static BeanFactoryPostProcessor databaseIsShared(Environment environment) {
        return beans -> {
            String url = environment.getProperty("spring.datasource.url", "");
            if (!url.startsWith("jdbc:postgresql:")) {
                throw new IllegalStateException("Profile aws keeps jobs in PostgreSQL: set spring.datasource.url"
                        + " (SPRING_DATASOURCE_URL) to jdbc:postgresql://host:5432/database, with spring.datasource.username and"
                        + " spring.datasource.password. It is " + (url.isBlank() ? "not set" : url) + ".");
            }
        };
    }
}
