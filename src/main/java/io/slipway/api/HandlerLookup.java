package io.slipway.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Finds who answers a request among the mappings whose paths begin as the request's does. For a path with a variable in it Spring looks
 * at all of some eighty, and asks the request for its method each time, through every wrapper that a filter has put around it: that
 * was a quarter of the processor time of {@code GET /jobs/{id}}.
 */
@Component
class HandlerLookup implements WebMvcRegistrations {

    @Override
    public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
        return new Mappings();
    }

    private static final class Mappings extends RequestMappingHandlerMapping {

        /** Of each mapping, the first segments of its paths; empty for one that any path may match. */
        private final Map<RequestMappingInfo, Set<String>> beginnings = new ConcurrentHashMap<>();

        @Override
        protected @Nullable HandlerMethod lookupHandlerMethod(String path, HttpServletRequest request)
                throws Exception {
            return super.lookupHandlerMethod(path, new LookedUp(request, firstSegment(path)));
        }

        @Override
        protected @Nullable RequestMappingInfo getMatchingMapping(RequestMappingInfo info, HttpServletRequest request) {
            if (request instanceof LookedUp looked && looked.beginning != null) {
                Set<String> own = beginnings.computeIfAbsent(info, Mappings::beginnings);
                if (!own.isEmpty() && !own.contains(looked.beginning)) {
                    return null;
                }
            }
            return super.getMatchingMapping(info, request);
        }

        private static Set<String> beginnings(RequestMappingInfo info) {
            Set<String> all = new HashSet<>();
            for (String pattern : info.getPatternValues()) {
                String first = firstSegment(pattern);
                if (first == null || first.contains("{") || first.contains("*") || first.contains("?")) {
                    return Set.of();
                }
                all.add(first);
            }
            return Set.copyOf(all);
        }

        /** {@code null} where it is written in another way than plain text: then nobody may compare it. */
        private static @Nullable String firstSegment(String path) {
            if (!path.startsWith("/")) {
                return path.isEmpty() ? "" : null;
            }
            int end = path.indexOf('/', 1);
            String first = end < 0 ? path.substring(1) : path.substring(1, end);
            return first.contains("%") || first.contains(";") ? null : first;
        }
    }

    /** What is asked again and again while one handler is looked for, without a way through all filters' wrappers. */
    private static final class LookedUp extends HttpServletRequestWrapper {

        private final @Nullable String beginning;
        private final String method;

        LookedUp(HttpServletRequest request, @Nullable String beginning) {
            super(request);
            this.beginning = beginning;
            this.method = Objects.requireNonNull(request.getMethod());
        }

        @Override
        public String getMethod() {
            return method;
        }
    }
}
