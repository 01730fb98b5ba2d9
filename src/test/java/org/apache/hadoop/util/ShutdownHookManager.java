package org.apache.hadoop.util;

import java.util.concurrent.TimeUnit;

/** Of Hadoop, as far as the live channel meets it: the JVM waits for a hook, and not for ever. */
public final class ShutdownHookManager {

    private ShutdownHookManager() {}

    public static ShutdownHookManager get() {
        return new ShutdownHookManager();
    }

    public void addShutdownHook(Runnable hook, int priority, long timeout, TimeUnit unit) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            Thread waitedFor = new Thread(hook);
            waitedFor.setDaemon(true);
            waitedFor.start();
            try {
                waitedFor.join(unit.toMillis(timeout));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }));
    }
}
