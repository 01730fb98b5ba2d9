package io.slipway.database;

import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.jpa.repository.query.DeclaredQuery;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactories;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactory;
import org.springframework.data.jpa.repository.query.QueryEnhancerSelector;
import org.springframework.data.repository.config.BootstrapMode;

/**
 * Queries are read once, by Hibernate, which tells what is wrong with them: with the first use of their repository, which is the loop's a
 * moment after the start, so that nobody waits for it who waits for the start. Spring Data would read each with a grammar of its own, too,
 * so that it can be sorted in another way; ours never are.
 */
@Configuration(proxyBeanMethods = false)
@EnableJpaRepositories(
        basePackages = "io.slipway",
        queryEnhancerSelector = RepositoriesConfiguration.AsWritten.class,
        bootstrapMode = BootstrapMode.LAZY)
class RepositoriesConfiguration {

    static final class AsWritten implements QueryEnhancerSelector {

        @Override
        public QueryEnhancerFactory select(DeclaredQuery query) {
            return QueryEnhancerFactories.fallback();
        }
    }
}
