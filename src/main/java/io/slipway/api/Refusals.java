package io.slipway.api;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Spring's own refusals, in words that say what to do. */
final class Refusals {

    private Refusals() {}

    /** Empty when Spring's words will do. */
    static Optional<String> detail(Exception refusal, HttpServletRequest request) {
        if (refusal instanceof TypeMismatchException mismatch) {
            return Optional.of(mismatch(mismatch));
        }
        if (refusal instanceof HttpRequestMethodNotSupportedException method) {
            return Optional.of(method(method, path(request)));
        }
        return refusal instanceof NoResourceFoundException
                ? Optional.of(Addresses.hint(path(request)))
                : Optional.empty();
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    private static String method(HttpRequestMethodNotSupportedException refused, String path) {
        String[] methods = refused.getSupportedMethods();
        Set<String> supported = new TreeSet<>(Arrays.asList(methods == null ? new String[0] : methods));
        return refused.getMethod() + " cannot be used on " + LongText.shown(path) + "; it takes "
                + String.join(" and ", supported) + "."
                + (supported.contains("POST") && path.matches("/(jobs|plans)")
                        ? " A project is sent by POST: curl -F project=@project.zip …" + path
                        : "");
    }

    private static String mismatch(TypeMismatchException mismatch) {
        String name = mismatch instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(mismatch.getPropertyName());
        return name + " must be " + wanted(type(mismatch)) + "; it is '"
                + LongText.shown(String.valueOf(value(mismatch))) + "'.";
    }

    /** Of the one value of several that is wrong. */
    private static @Nullable Object value(TypeMismatchException mismatch) {
        return mismatch.getCause() instanceof ConversionFailedException failed
                ? failed.getValue()
                : mismatch.getValue();
    }

    private static @Nullable Class<?> type(TypeMismatchException mismatch) {
        return mismatch.getCause() instanceof ConversionFailedException failed
                ? failed.getTargetType().getType()
                : mismatch.getRequiredType();
    }

    private static String wanted(@Nullable Class<?> type) {
        if (type != null && type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        if (type == Instant.class) {
            return "a moment such as 2026-11-22T00:00:00Z (in an address, a + is written %2B)";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return type != null && (type.isPrimitive() || Number.class.isAssignableFrom(type))
                ? "a whole number"
                : "a " + (type == null ? "value" : type.getSimpleName().toLowerCase(Locale.ROOT));
    }
}
