package io.slipway.api;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Parameters of the JSON API's addresses. One that nobody reads is refused: a filter that is spelled wrong would answer everything, and
 * look as if it had worked.
 */
@Configuration(proxyBeanMethods = false)
class RequestParameters implements WebMvcConfigurer {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new Check());
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverterFactory(new AnyCase());
    }

    /** Names of constants in any case; an empty text is no value. */
    private static final class AnyCase implements ConverterFactory<String, Enum<?>> {
        @Override
        public <T extends Enum<?>> Converter<String, T> getConverter(Class<T> type) {
            return new Constants<>(type);
        }
    }

    private record Constants<T extends Enum<?>>(Class<T> type) implements Converter<String, T> {
        @Override
        @SuppressWarnings("NullAway") // Spring takes null for a blank parameter, as for one that was not sent.
        public @Nullable T convert(String text) {
            return text.isBlank()
                    ? null
                    : Arrays.stream(type.getEnumConstants())
                            .filter(each -> each.name().equals(text.strip().toUpperCase(Locale.ROOT)))
                            .findFirst()
                            .orElseThrow(() -> new IllegalArgumentException("no constant of " + type.getSimpleName()));
        }
    }

    private static final class Check implements HandlerInterceptor {

        private final DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            if (handler instanceof HandlerMethod method && isOfTheApi(method) && !RequestFilter.isSubmission(request)) {
                Map<String, MethodParameter> known = parameters(method);
                request.getParameterMap().forEach((name, values) -> check(name, values, known));
            }
            return true;
        }

        private static boolean isOfTheApi(HandlerMethod handler) {
            Class<?> type = handler.getBeanType();
            return type.getPackage() == RequestParameters.class.getPackage()
                    && !AnnotatedElementUtils.hasAnnotation(type, Hidden.class)
                    && !handler.hasMethodAnnotation(Hidden.class);
        }

        private Map<String, MethodParameter> parameters(HandlerMethod handler) {
            Map<String, MethodParameter> known = new LinkedHashMap<>();
            for (MethodParameter parameter : handler.getMethodParameters()) {
                parameter.initParameterNameDiscovery(names);
                if (parameter.hasParameterAnnotation(RequestParam.class)) {
                    known.put(String.valueOf(parameter.getParameterName()), parameter);
                }
            }
            return known;
        }

        private static void check(String name, String[] values, Map<String, MethodParameter> known) {
            MethodParameter parameter = known.get(name);
            if (parameter == null) {
                throw new ApiProblem(ProblemType.INVALID_PARAMETER, unknown(name, known.keySet()));
            }
            if (values.length > 1 && !Collection.class.isAssignableFrom(parameter.getParameterType())) {
                throw new ApiProblem(
                        ProblemType.INVALID_PARAMETER, name + " is given " + values.length + " times; give it once.");
            }
        }

        private static String unknown(String name, Set<String> known) {
            String there = "There is no parameter '" + LongText.shown(name) + "' here. ";
            if (known.isEmpty()) {
                return there + "This address takes none.";
            }
            String near = near(name, known);
            return there + (near == null ? "" : "Did you mean " + near + "? ") + "There are " + String.join(", ", known)
                    + ".";
        }

        /** What other APIs call the same. */
        private static final Map<String, String> ELSEWHERE = Map.of(
                "status", "state",
                "states", "state",
                "size", "limit",
                "page_size", "limit",
                "cursor", "before",
                "since", "createdFrom",
                "until", "createdTo",
                "tag", "label",
                "lines", "tail",
                "user", "owner");

        private static @Nullable String near(String name, Set<String> known) {
            String elsewhere = ELSEWHERE.get(name.toLowerCase(Locale.ROOT));
            if (elsewhere != null && known.contains(elsewhere)) {
                return elsewhere;
            }
            String plain = plain(name);
            return known.stream()
                    .filter(each -> plain(each).equals(plain))
                    .findFirst()
                    .orElse(null);
        }

        private static String plain(String name) {
            return name.toLowerCase(Locale.ROOT).replaceAll("[-_]|s$", "");
        }
    }
}
