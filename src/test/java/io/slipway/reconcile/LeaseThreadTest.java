package io.slipway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.slipway.vitals.Faults;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeaseThreadTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LeaseThread thread = new LeaseThread(new Faults(meters));

    @Test
    void beginsAnewAfterAnErrorWhichIsCounted() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        Future<Integer> future = thread.submit(() -> {
            if (begun.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("as a test has it");
            }
            return begun.get();
        });
        assertThat(future.get(20, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(meters.get("slipway.faults")
                        .tag("part", "leadership")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void endsByWhatIsNoErrorAsItsOwnerExpects() {
        assertThatThrownBy(() -> thread.submit(() -> {
                            throw new InterruptedException("stop");
                        })
                        .get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
    }
}
