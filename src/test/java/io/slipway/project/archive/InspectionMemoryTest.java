package io.slipway.project.archive;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.project.InspectionsBusy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InspectionMemoryTest {

    /** Room for four small projects and one large one. */
    private static final long HEAP = 8 * 4 * InspectionMemory.SMALL;

    private final InspectionMemory memory = memory(Duration.ofMillis(20));

    private static InspectionMemory memory(Duration longestWait) {
        return new InspectionMemory(HEAP, ArchiveLimits.DEFAULTS, longestWait);
    }

    @Test
    void letsSmallProjectsPassWhileALargeOneIsLookedAt() {
        try (InspectionMemory.Share large = memory.share();
                InspectionMemory.Share small = memory.share()) {
            large.holds(100_000, 10 << 20);
            small.holds(5_000, 100 << 10);
        }
    }

    @Test
    void refusesWhoWaitsTooLong() {
        try (InspectionMemory.Share large = memory.share();
                InspectionMemory.Share other = memory.share()) {
            large.holds(100_000, 10 << 20);
            large.holds(110_000, 16 << 20);

            assertThatThrownBy(() -> other.holds(100_000, 10 << 20)).isInstanceOf(InspectionsBusy.class);
        }
    }

    @Test
    void refusesMoreSmallProjectsThanThereIsPlaceFor() {
        for (int i = 0; i < 4; i++) {
            memory.share();
        }
        assertThatThrownBy(memory::share).isInstanceOf(InspectionsBusy.class);
    }

    @Test
    void givesBackWhatWasTakenWhenItIsClosed() {
        for (int i = 0; i < 20; i++) {
            InspectionMemory.Share share = memory.share();
            share.outgrow();
            share.close();
            share.close();
        }
    }

    @Test
    void letsTheNextOnInAsSoonAsOneIsDone() throws Exception {
        InspectionMemory patient = memory(Duration.ofSeconds(20));
        InspectionMemory.Share first = patient.share();
        first.outgrow();
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {
            try (InspectionMemory.Share share = patient.share()) {
                share.outgrow();
            }
        });
        first.close();
        second.get(20, TimeUnit.SECONDS);
    }

    @Test
    void takesTheLargePartsOfAllTablesAtOnceAsFarAsThereAreSome() {
        InspectionMemory wide = new InspectionMemory(
                3 * 4 * InspectionMemory.largest(ArchiveLimits.DEFAULTS),
                ArchiveLimits.DEFAULTS,
                Duration.ofMillis(20));
        try (InspectionMemory.Share three = wide.share(3);
                InspectionMemory.Share one = wide.share();
                InspectionMemory.Share none = wide.share()) {
            three.holds(10_000, 300_000);
            one.holds(100_000, 10 << 20);
            assertThatThrownBy(() -> none.holds(100_000, 10 << 20)).isInstanceOf(InspectionsBusy.class);
        }
        try (InspectionMemory.Share again = wide.share(5)) {
            again.outgrow();
        }
    }

    @Test
    void takesOneLargeProjectHoweverSmallTheHeapIs() {
        try (InspectionMemory.Share share = new InspectionMemory(1, ArchiveLimits.DEFAULTS, Duration.ZERO).share()) {
            share.outgrow();
        }
    }
}
