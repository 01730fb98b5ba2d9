package io.slipway.compute.emr.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.MutableClock;
import io.slipway.artifacts.MemoryArtifacts;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StagedProgramsTest {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-11-30T12:00:00Z"));
    private final MemoryArtifacts store = new MemoryArtifacts();
    private final StagedPrograms programs = new StagedPrograms(store, clock);

    /** Somebody may have emptied the bucket. */
    @Test
    void aProgramIsStoredAgainAfterAMinuteAndNotBefore() throws IOException {
        programs.put(NodeProgram.launcher());
        assertThat(store.exists(NodeProgram.launcher().name())).isTrue();
        store.delete(NodeProgram.launcher().name());

        clock.advance(StagedPrograms.BELIEVED.minusMillis(1));
        programs.put(NodeProgram.launcher());
        assertThat(store.exists(NodeProgram.launcher().name())).isFalse();
        programs.put(NodeProgram.daemon());
        assertThat(store.exists(NodeProgram.daemon().name())).isTrue();

        clock.advance(StagedPrograms.BELIEVED);
        programs.put(NodeProgram.launcher());
        assertThat(store.exists(NodeProgram.launcher().name())).isTrue();
    }
}
