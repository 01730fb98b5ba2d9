package io.slipway.database;

import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.jpa.repository.query.DeclaredQuery;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactories;
import org.springframework.data.jpa.repository.query.QueryEnhancerFactory;
import org.springframework.data.jpa.repository.query.QueryEnhancerSelector;

/**
 * Queries are read once at start, by Hibernate, which tells what is wrong with them. Spring Data would read each with a grammar of its
 * own, too, so that it can be sorted in another way; ours never are.
 */
@Configuration(proxyBeanMethods = false)
@EnableJpaRepositories(basePackages = "io.slipway", queryEnhancerSelector = RepositoriesConfiguration.AsWritten.class)
class RepositoriesConfiguration {

    static final class AsWritten implements QueryEnhancerSelector {

        @Override
        public QueryEnhancerFactory select(DeclaredQuery query) {
            return QueryEnhancerFactories.fallback();
        }
    }
}
