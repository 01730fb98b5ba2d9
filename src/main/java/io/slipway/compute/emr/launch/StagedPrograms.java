package io.slipway.compute.emr.launch;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Programs of ours in the store, where steps find them. All steps of a version use the same few, whose names change with their content,
 * so each is stored once a minute at most, however many steps are sent. It is not believed to be there for longer: somebody may empty
 * the bucket, or a rule of it end what is old.
 */
public final class StagedPrograms {

    static final Duration BELIEVED = Duration.ofMinutes(1);

    private final ArtifactStore store;
    private final Clock clock;
    private final Map<ArtifactName, Instant> staged = new ConcurrentHashMap<>();

    public StagedPrograms(ArtifactStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** @throws IOException when the store does not take it */
    void put(NodeProgram program) throws IOException {
        Instant now = clock.instant();
        Instant last = staged.get(program.name());
        if (last == null || !now.isBefore(last.plus(BELIEVED))) {
            store.put(program.name(), program.content());
            staged.put(program.name(), now);
        }
    }
}
