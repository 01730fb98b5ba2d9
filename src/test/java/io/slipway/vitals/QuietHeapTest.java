package io.slipway.vitals;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
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

    /** What a quiet time wants must not stay for the busy one after it. */
    @Test
    void leavesJavasOwnSettingsAsTheyWere() {
        HotSpotDiagnosticMXBean java = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        List<String> names = List.of("MinHeapFreeRatio", "MaxHeapFreeRatio");
        List<String> before =
                names.stream().map(name -> java.getVMOption(name).getValue()).toList();
        QuietHeap.ThisMachine here = new QuietHeap.ThisMachine();
        long collections = here.collections();
        here.collect();
        assertThat(here.collections()).isGreaterThan(collections);
        assertThat(names).map(name -> java.getVMOption(name).getValue()).isEqualTo(before);
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
