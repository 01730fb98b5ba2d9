package io.slipway.api;

import io.slipway.api.ApiDescription.Operation;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Looks at every answer of the API that any test gets from a service in its own JVM, and fails the test when the OpenAPI document says
 * something else. It is found by component scan, and its listener by META-INF/spring.factories.
 */
@Configuration(proxyBeanMethods = false)
class AnswersAreAsDescribed {

    private static final List<String> CONTRADICTIONS = new ArrayList<>();

    /** At the end of a sentence that was made of another one. */
    private static final Pattern TWO_DOTS = Pattern.compile("[\\w)'\"]\\.\\.(?=[ \"])");

    @Bean
    FilterRegistrationBean<Look> lookAtAnswers() {
        FilterRegistrationBean<Look> look = new FilterRegistrationBean<>(new Look());
        // Behind the first filter, which is to see the first bytes of every answer.
        look.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        look.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        look.setAsyncSupported(true);
        return look;
    }

    /** Fails the test whose answers were wrong. */
    public static final class AfterEachTest extends AbstractTestExecutionListener {
        @Override
        public void afterTestMethod(TestContext test) {
            List<String> found;
            synchronized (CONTRADICTIONS) {
                found = List.copyOf(CONTRADICTIONS);
                CONTRADICTIONS.clear();
            }
            if (!found.isEmpty()) {
                throw new AssertionError("Answers that docs/openapi.json contradicts:\n" + String.join("\n", found));
            }
        }
    }

    private static final class Look implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            HttpServletRequest asked = (HttpServletRequest) request;
            Optional<Operation> operation = ApiDescription.KEPT.operation(asked.getMethod(), asked.getRequestURI());
            if (operation.isEmpty()) {
                chain.doFilter(request, response);
                return;
            }
            Copy copy = new Copy((HttpServletResponse) response);
            chain.doFilter(request, copy);
            if (!asked.isAsyncStarted()) {
                look(operation.get(), asked, copy);
            }
        }

        private static void look(Operation operation, HttpServletRequest asked, Copy answer) {
            String accept = asked.getHeader("Accept");
            if (answer.getStatus() == HttpServletResponse.SC_SEE_OTHER
                    && accept != null
                    && accept.contains("text/html")) {
                // Browsers are led to the pages, which the document does not describe.
                return;
            }
            List<String> contradictions = new ArrayList<>(ApiDescription.KEPT.contradictions(
                    operation, answer.getStatus(), answer.getContentType(), answer.bytes.toByteArray()));
            if (answer.getStatus() >= 400
                    && TWO_DOTS.matcher(answer.bytes.toString(StandardCharsets.UTF_8))
                            .find()) {
                contradictions.add("a sentence with two dots: " + answer.bytes.toString(StandardCharsets.UTF_8));
            }
            synchronized (CONTRADICTIONS) {
                contradictions.forEach(each -> CONTRADICTIONS.add(
                        asked.getMethod() + " " + asked.getRequestURI() + " → " + answer.getStatus() + ": " + each));
            }
        }
    }

    /** Keeps what is written by the stream, as everything of the API is. */
    private static final class Copy extends HttpServletResponseWrapper {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Copy(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            ServletOutputStream out = super.getOutputStream();
            boolean isJson = getContentType() != null && getContentType().contains("json");
            return isJson ? new Both(out, bytes) : out;
        }
    }

    private static final class Both extends ServletOutputStream {
        private final ServletOutputStream out;
        private final ByteArrayOutputStream copy;

        Both(ServletOutputStream out, ByteArrayOutputStream copy) {
            this.out = out;
            this.copy = copy;
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
            copy.write(one);
        }

        @Override
        public void write(byte[] some, int offset, int length) throws IOException {
            out.write(some, offset, length);
            copy.write(some, offset, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
