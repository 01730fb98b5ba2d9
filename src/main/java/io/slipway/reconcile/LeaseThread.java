package io.slipway.reconcile;

import io.slipway.vitals.Faults;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * The thread that takes the lease and renews it. An error would end it for good, and with it the only leader of a service of one replica:
 * here it begins anew, after the lease was given back on the way out.
 */
final class LeaseThread extends SimpleAsyncTaskExecutor {

    private static final long serialVersionUID = 1;

    private final transient Faults faults;

    LeaseThread(Faults faults) {
        super("leadership-");
        this.faults = faults;
        setDaemon(true);
    }

    @Override
    public <T> Future<T> submit(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(() -> untilItEnds(task));
        execute(future);
        return future;
    }

    private <T> T untilItEnds(Callable<T> task) throws Exception {
        // How the task ended, but for errors, which do not end it.
        AtomicReference<Callable<T>> ended = new AtomicReference<>();
        faults.restarting("leadership", () -> ended.set(end(task))).run();
        return Objects.requireNonNull(ended.get()).call();
    }

    private static <T> Callable<T> end(Callable<T> task) {
        try {
            T result = task.call();
            return () -> result;
        } catch (Exception failure) {
            return () -> {
                throw failure;
            };
        }
    }
}
