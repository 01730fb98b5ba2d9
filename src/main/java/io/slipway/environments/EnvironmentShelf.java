package io.slipway.environments;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/** The environments that somebody may look at: an owner's own, and those of others that the owner's jobs use, since all of it is hashed. */
@Component
public class EnvironmentShelf {

    /** So much of a log is read at once; a reader goes on where it ended. */
    public static final int LOG_AT_ONCE = 1 << 20;

    private static final String LAST = "8";

    private final Environments environments;
    private final EnvironmentChanges changes;
    private final EnvironmentBuilders builders;

    EnvironmentShelf(Environments environments, EnvironmentChanges changes, EnvironmentBuilders builders) {
        this.environments = environments;
        this.changes = changes;
        this.builders = builders;
    }

    /**
     * Newest first.
     *
     * @param owner {@code null} for everybody's
     * @param before older than this id; {@code null} for the newest
     */
    public List<Environment> list(@Nullable String owner, @Nullable String before, int limit) {
        String older = Objects.requireNonNullElse(before, LAST);
        return owner == null ? environments.newest(older, Limit.of(limit)) : environments.newestOf(owner, older, limit);
    }

    /**
     * @param reader {@code null} for one who sees everybody's
     * @throws UnknownEnvironment when there is none, or it is somebody else's
     */
    public Environment get(String id, @Nullable String reader) {
        return environments
                .findById(id)
                .filter(found -> reader == null || found.owner().equals(reader) || environments.uses(id, reader) > 0)
                .orElseThrow(() -> new UnknownEnvironment(id));
    }

    /** What its last build said, from an offset, at most {@value #LOG_AT_ONCE} bytes. */
    public byte[] log(Environment environment, long offset) throws IOException {
        Optional<EnvironmentBuilder> builder = builders.of(environment.cluster());
        if (builder.isEmpty() || environment.attempt() == 0) {
            return new byte[0];
        }
        try (InputStream log = builder.get().remains().log(environment.build(), offset)) {
            return log.readNBytes(LOG_AT_ONCE);
        }
    }

    /** The end of what its last build has said so far, at most so many bytes. */
    public byte[] endOfLog(Environment environment, int most) throws IOException {
        byte[] end = new byte[0];
        long offset = 0;
        for (byte[] part = log(environment, 0); part.length > 0; part = log(environment, offset)) {
            offset += part.length;
            byte[] both = Arrays.copyOf(end, end.length + part.length);
            System.arraycopy(part, 0, both, end.length, part.length);
            end = Arrays.copyOfRange(both, Math.max(0, both.length - most), both.length);
        }
        return end;
    }

    /**
     * Has it built anew, by its owner or by who sees everybody's; jobs that come from now on get the new one.
     *
     * @throws SharedEnvironment for a reader whose jobs only use it
     */
    public Environment rebuild(String id, @Nullable String reader) {
        Environment last = get(id, reader);
        if (reader != null && !last.owner().equals(reader)) {
            throw new SharedEnvironment(id);
        }
        return changes.again(last);
    }
}
