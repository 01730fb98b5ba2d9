package io.slipway.sources.git;

import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sources in git. No host is called before somebody asks for a source that is allowed. */
@Configuration(proxyBeanMethods = false)
class GitSourcesConfiguration {

    @Bean(destroyMethod = "close")
    GitProjectHost gitProjectHost(GitAllowList allowed, GitFetchSettings settings) {
        return new GitProjectHost(allowed, settings, SystemDefaultDnsResolver.INSTANCE);
    }
}
