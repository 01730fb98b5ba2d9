package io.slipway.vitals;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A few threads for work beside requests, which end when there is none. An error is seen even where nobody asks for the result. */
public final class WorkerPool extends ThreadPoolExecutor {

    public WorkerPool(String name, int threads) {
        super(threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        allowCoreThreadTimeOut(true);
    }

    @Override
    protected void afterExecute(Runnable work, @Nullable Throwable thrown) {
        super.afterExecute(work, thrown);
        if (thrown == null && work instanceof Future<?> future && future.isDone() && !future.isCancelled()) {
            logFailure(future);
        }
    }

    private static void logFailure(Future<?> future) {
        try {
            future.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Error fault) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, fault);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
