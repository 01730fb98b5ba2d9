package io.slipway.access;

import jakarta.servlet.DispatcherType;
import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** One chain for everything: our name, our pages, a known caller. Open are health, the API's own description, the client and the login page. */
@Configuration(proxyBeanMethods = false)
class SecurityConfig {

    /** What tells what there is, health, the client that people install from here, and what the login page is made of. */
    private static final String[] OPEN = {
        "/actuator/health",
        "/actuator/health/**",
        "/",
        "/v3/api-docs",
        "/v3/api-docs.yaml",
        "/v3/api-docs/**",
        "/swagger-ui.html",
        "/swagger-ui/**",
        "/slipway",
        "/slipway.sha256",
        LoginFilter.LOGIN,
        "/assets/**",
        "/webjars/**"
    };

    @Bean
    SecurityFilterChain filters(
            HttpSecurity http,
            SecuritySettings settings,
            Sessions sessions,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems)
            throws Exception {
        Tokens tokens = new Tokens(settings);
        return http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // Other clients name themselves in each request, and pages of other origins are refused by
                // OriginFilter.
                .csrf(csrf -> csrf.csrfTokenRepository(csrfCookie())
                        .csrfTokenRequestHandler(new CsrfTokens())
                        .requireCsrfProtectionMatcher(PageSecurity::needsCsrfToken))
                .headers(headers -> headers.addHeaderWriter(PageSecurity.contentSecurityPolicy()))
                .httpBasic(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .addFilterAfter(new OriginFilter(settings.hosts(), problems), HeaderWriterFilter.class)
                .addFilterAfter(new LoginFilter(tokens, sessions, problems), CsrfFilter.class)
                .addFilterBefore(
                        new TokenFilter(tokens, sessions, settings.operators(), problems), AuthorizationFilter.class)
                .exceptionHandling(handling -> handling.authenticationEntryPoint(unauthorized(problems))
                        .accessDeniedHandler((request, response, denied) ->
                                problems.resolveException(request, response, null, AccessProblems.forged())))
                .authorizeHttpRequests(requests -> requests.requestMatchers(open(settings))
                        .permitAll()
                        // An error's page tells a stranger what was wrong with their request, and nothing else.
                        .dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .build();
    }

    /** How long each filter took is asked by nobody, and measuring it was dearer than what the filters do. Requests are measured as a whole. */
    @Bean
    static SecurityObservationSettings onlyWholeRequestsAreMeasured() {
        return SecurityObservationSettings.noObservations();
    }

    /** What the firewall refuses, such as a line break in an address. */
    @Bean
    RequestRejectedHandler refusedByTheFirewall(
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        return (request, response, refused) ->
                problems.resolveException(request, response, null, AccessProblems.malformed());
    }

    /** Scripts of our own pages may read it: Swagger UI does. */
    private static CookieCsrfTokenRepository csrfCookie() {
        CookieCsrfTokenRepository cookie = new CookieCsrfTokenRepository();
        cookie.setCookieName("slipway-csrf");
        cookie.setCookiePath("/");
        cookie.setCookieCustomizer(made -> made.sameSite("Strict").httpOnly(false));
        return cookie;
    }

    private static String[] open(SecuritySettings settings) {
        return settings.openMetrics()
                ? Stream.concat(Arrays.stream(OPEN), Stream.of("/actuator/prometheus"))
                        .toArray(String[]::new)
                : OPEN;
    }

    private static AuthenticationEntryPoint unauthorized(HandlerExceptionResolver problems) {
        return (request, response, failure) -> {
            if (PageSecurity.wantsPage(request)) {
                PageSecurity.askForToken(request, response);
                return;
            }
            response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"slipway\"");
            response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"slipway\", charset=\"UTF-8\"");
            problems.resolveException(request, response, null, AccessProblems.unauthorized());
        };
    }
}
