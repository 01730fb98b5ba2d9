package io.slipway.sources.s3;

import io.slipway.sources.S3AllowList;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sources in S3. Nothing here looks for credentials or calls S3 before somebody asks for a source that is allowed. */
@Configuration(proxyBeanMethods = false)
class S3SourcesConfiguration {

    @Bean(destroyMethod = "close")
    SourceClients s3SourceClients(S3FetchSettings settings) {
        return new SourceClients(settings);
    }

    @Bean
    S3ProjectHost s3ProjectHost(S3AllowList allowed, SourceClients clients, S3FetchSettings settings) {
        return new S3ProjectHost(allowed, clients, settings);
    }
}
