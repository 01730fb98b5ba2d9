package io.slipway.security;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** One chain for everything: our name, our pages, a known caller. Only health is open. */
@Configuration(proxyBeanMethods = false)
class SecurityConfig {

    @Bean
    SecurityFilterChain filters(
            HttpSecurity http,
            SecuritySettings settings,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems)
            throws Exception {
        Tokens tokens = new Tokens(settings);
        return http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // Forged requests are told by their origin, in OriginFilter: there is no session that a token could
                // belong to.
                .csrf(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .addFilterAfter(new OriginFilter(settings.hosts(), problems), HeaderWriterFilter.class)
                .addFilterBefore(new TokenFilter(tokens, settings.operators()), AuthorizationFilter.class)
                .exceptionHandling(handling -> handling.authenticationEntryPoint(unauthorized(problems)))
                .authorizeHttpRequests(requests -> requests.requestMatchers(open(settings))
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .build();
    }

    private static String[] open(SecuritySettings settings) {
        return settings.openMetrics()
                ? new String[] {"/actuator/health", "/actuator/health/**", "/actuator/prometheus"}
                : new String[] {"/actuator/health", "/actuator/health/**"};
    }

    private static AuthenticationEntryPoint unauthorized(HandlerExceptionResolver problems) {
        return (request, response, failure) -> {
            response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"slipway\"");
            response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"slipway\", charset=\"UTF-8\"");
            problems.resolveException(request, response, null, Refusals.unauthorized());
        };
    }
}
