package io.slipway.vitals;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Covers the threads that nobody guards, those of libraries among them, for as long as the service runs. */
@Component
final class UnguardedThreads implements DisposableBean {

    private final Thread.@Nullable UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    private final Thread.UncaughtExceptionHandler uncaught;

    UnguardedThreads(Faults faults) {
        this.uncaught = (thread, fault) -> faults.caught("thread", fault);
        Thread.setDefaultUncaughtExceptionHandler(uncaught);
    }

    @Override
    public void destroy() {
        if (Thread.getDefaultUncaughtExceptionHandler() == uncaught) {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
