package io.slipway.vitals;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Where every error ends that came to the top of a thread: in the log and in the metric {@code slipway.faults}. Only {@link
 * OutOfMemoryError} ends the process.
 */
@Component
public class Faults {

    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    /** A fault that comes again at once must not use up a processor. */
    private static final long PAUSE_MILLIS = 1_000;

    private final MeterRegistry meters;

    public Faults(MeterRegistry meters) {
        this.meters = meters;
        // Registered before the first fault: an alert on a counter needs its zero.
        for (String part : new String[] {"loop", "feed", "scheduler", "executor", "leadership", "thread"}) {
            counter(part);
        }
    }

    /** Logs and counts it; does not return when memory is spent. */
    public void caught(String part, Throwable fault) {
        OutOfMemory.endProcessIf(fault);
        counter(part).increment();
        log.error(
                "A fault in thread {} ({}), which goes on: {}",
                Thread.currentThread().getName(),
                part,
                fault.toString(),
                fault);
    }

    /** The work of a thread that begins anew after each fault, until the work itself returns. */
    public Runnable restarting(String part, Runnable work) {
        return () -> {
            boolean over = false;
            while (!over) {
                try {
                    work.run();
                    over = true;
                } catch (Throwable fault) {
                    caught(part, fault);
                    pause();
                }
            }
        };
    }

    /** One piece of work on a thread of a pool, which goes on with the next piece. */
    public Runnable once(String part, Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (Throwable fault) {
                caught(part, fault);
            }
        };
    }

    private Counter counter(String part) {
        return Counter.builder("slipway.faults")
                .description("Errors that came to the top of a thread of the service.")
                .tag("part", part)
                .register(meters);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stop) {
            // The work knows whether it is to stop; a flag that stays would let it do nothing else.
            log.debug("A pause after a fault was cut short.");
        }
    }
}
