package io.slipway.vitals;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Gives memory back to the system that a busy time, or the start, has left. Only a collection of the whole heap does so, and a quiet
 * service has no other reason for one. It stops all threads for about a tenth of a second, so it is made when nobody has asked for
 * anything for a while. It leaves the heap hardly larger than what is in it, where other collections leave the room that Java's own
 * settings want: with little room a busy service would collect the whole heap every few seconds. {@code -XX:+DisableExplicitGC} turns it
 * off.
 */
@Component
class QuietHeap {

    /** Of one processor: the loop and the health checks alone take less. */
    private static final double QUIET = 0.1;

    /** With fewer collections since the last whole one there is little that could be given back. */
    private static final long WORTH_IT = 3;

    private final Machine machine;
    private long cpu;
    private long at;
    private boolean wasQuiet;
    private long collections;

    @Autowired
    QuietHeap() {
        this(new ThisMachine());
    }

    QuietHeap(Machine machine) {
        this.machine = machine;
        this.cpu = machine.cpuNanos();
        this.at = machine.nanos();
    }

    /** The process that this runs in. */
    interface Machine {
        /** A clock's time. */
        long nanos();

        /** Processor time of all threads. */
        long cpuNanos();

        /** How many there have been. */
        long collections();

        void collect();
    }

    static final class ThisMachine implements Machine {

        private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        private final HotSpotDiagnosticMXBean java = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long cpuNanos() {
            return system.getProcessCpuTime();
        }

        @Override
        public long collections() {
            return ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                    .sum();
        }

        @Override
        public void collect() {
            String least = option("MinHeapFreeRatio");
            String most = option("MaxHeapFreeRatio");
            try {
                // The least is never more than the most.
                set("MinHeapFreeRatio", "5");
                set("MaxHeapFreeRatio", "10");
                System.gc();
            } finally {
                set("MaxHeapFreeRatio", most);
                set("MinHeapFreeRatio", least);
            }
        }

        private String option(String name) {
            return java.getVMOption(name).getValue();
        }

        private void set(String name, String value) {
            java.setVMOption(name, value);
        }
    }

    /** A minute of quiet is two of these. */
    @Scheduled(fixedDelay = 30_000, initialDelay = 30_000)
    synchronized void look() {
        long nowCpu = machine.cpuNanos();
        long now = machine.nanos();
        boolean isQuiet = nowCpu - cpu < QUIET * (now - at);
        cpu = nowCpu;
        at = now;
        if (isQuiet && wasQuiet && machine.collections() - collections >= WORTH_IT) {
            machine.collect();
            collections = machine.collections();
        }
        wasQuiet = isQuiet;
    }
}
