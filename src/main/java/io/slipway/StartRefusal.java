package io.slipway;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a refusal of our own to start as the sentence that it is, without the stack that led to it. */
class StartRefusal extends AbstractFailureAnalyzer<IllegalStateException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, IllegalStateException any) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof IllegalStateException && isOurs(each)) {
                return new FailureAnalysis(String.valueOf(each.getMessage()), null, each);
            }
        }
        return null;
    }

    private static boolean isOurs(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return stack.length > 0 && stack[0].getClassName().startsWith("io.slipway.");
    }
}
