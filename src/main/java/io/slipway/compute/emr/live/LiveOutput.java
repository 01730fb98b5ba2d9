package io.slipway.compute.emr.live;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.LogStream;
import io.slipway.compute.RunStream;
import io.slipway.compute.emr.launch.LiveLocations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the driver of a run shows while it runs, beside what EMR ships of the same files. */
public final class LiveOutput {

    private static final Logger log = LoggerFactory.getLogger(LiveOutput.class);

    /** A driver gives a sign of life each minute; EMR ships every five. */
    private static final Duration SILENT = Duration.ofMinutes(3);

    private final LiveFolders folders;
    private final LivePieces pieces;

    LiveOutput(LiveFolders folders, LivePieces pieces) {
        this.folders = folders;
        this.pieces = pieces;
    }

    /**
     * The streams of a run. Of one that was shown and shipped, the former is ahead until the latter was brought after the end of the run:
     * then that is all, and the truth. A driver that shows nothing more goes on in what is shipped, at the same offsets.
     *
     * @param endedAt {@code null} while the run goes on
     */
    public List<RunStream> with(List<RunStream> shipped, LiveLocations locations, @Nullable Instant endedAt) {
        Map<LogStream, RunStream> streams = new TreeMap<>();
        shipped.forEach(stream -> streams.put(stream.id(), stream));
        LiveFolders.Look look = shown(locations, endedAt == null);
        look.streams().forEach((stream, known) -> {
            LogStream id =
                    (stream.name().equals("stdout") ? LogStream.STDOUT : LogStream.SPARK).ofAttempt(stream.attempt());
            LiveStream live = new LiveStream(id, known, locations.folder().getHost(), pieces);
            streams.merge(id, live, (one, other) -> isAhead(one, look.lastSign(), endedAt) ? one : live);
        });
        return new ArrayList<>(streams.values());
    }

    /** Whether what EMR has shipped of a stream holds all that the driver showed of it: both are the same file. */
    private static boolean isAhead(RunStream shipped, Instant lastSign, @Nullable Instant endedAt) {
        return (endedAt != null && shipped.isWhole(endedAt)) || shipped.isWhole(lastSign.plus(SILENT));
    }

    /** A folder that cannot be listed now hides nothing of what was shipped. */
    private LiveFolders.Look shown(LiveLocations locations, boolean isWatched) {
        try {
            return folders.look(locations, isWatched);
        } catch (ComputeUnavailable silent) {
            log.debug("Only what was shipped is shown: {}", silent.getMessage());
            return LiveFolders.Look.NOTHING;
        }
    }

    /** Whether nothing is left of the run. */
    public boolean forget(LiveLocations locations) {
        return folders.delete(locations);
    }
}
