package io.slipway.vitals;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QuietHeapTest {

    private final Fake machine = new Fake();
    private final QuietHeap heap = new QuietHeap(machine);

    @Test
    void collectsOnceAfterAMinuteOfQuiet() {
        machine.collections = 10;
        passes(Duration.ofSeconds(30), Duration.ofSeconds(1));
        assertThat(machine.whole).isZero();
        passes(Duration.ofSeconds(30), Duration.ofSeconds(1));
        assertThat(machine.whole).isEqualTo(1);
        passes(Duration.ofSeconds(30), Duration.ofSeconds(1));
        passes(Duration.ofSeconds(30), Duration.ofSeconds(1));
        assertThat(machine.whole).as("nothing new lies there").isEqualTo(1);
    }

    @Test
    void collectsAgainWhenTheHeapWasFilledAgain() {
        collectsOnceAfterAMinuteOfQuiet();
        machine.collections += 3;
        passes(Duration.ofSeconds(30), Duration.ofSeconds(1));
        assertThat(machine.whole).isEqualTo(2);
    }

    @Test
    void keepsNobodyWaitingWhoIsServed() {
        machine.collections = 10;
        passes(Duration.ofSeconds(30), Duration.ofSeconds(1));
        passes(Duration.ofSeconds(30), Duration.ofSeconds(4));
        passes(Duration.ofSeconds(30), Duration.ofSeconds(1));
        assertThat(machine.whole).isZero();
    }

    private void passes(Duration time, Duration cpu) {
        machine.nanos += time.toNanos();
        machine.cpuNanos += cpu.toNanos();
        heap.look();
    }

    private static final class Fake implements QuietHeap.Machine {

        private long nanos;
        private long cpuNanos;
        private long collections;
        private int whole;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long cpuNanos() {
            return cpuNanos;
        }

        @Override
        public long collections() {
            return collections;
        }

        @Override
        public void collect() {
            whole++;
            collections++;
        }
    }
}
