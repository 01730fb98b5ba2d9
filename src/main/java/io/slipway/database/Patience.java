package io.slipway.database;

import java.time.Duration;

/**
 * How long a thread waits for the database. Whoever sends a request gets an answer within seconds; the engine may wait longer, but never
 * for ever.
 */
final class Patience {

    static final Duration OF_A_REQUEST = Duration.ofSeconds(4);
    static final Duration OF_THE_ENGINE = Duration.ofSeconds(60);

    private static final ThreadLocal<Duration> OF_THIS_THREAD = ThreadLocal.withInitial(() -> OF_THE_ENGINE);

    private Patience() {}

    static Duration ofThisThread() {
        return OF_THIS_THREAD.get();
    }

    static void beginRequest() {
        OF_THIS_THREAD.set(OF_A_REQUEST);
    }

    static void endRequest() {
        OF_THIS_THREAD.remove();
    }
}
