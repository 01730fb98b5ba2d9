package io.slipway.compute.emr.live;

import io.slipway.compute.ProgressFile;
import io.slipway.compute.RunProgress;
import io.slipway.compute.emr.launch.LiveLocations;
import io.slipway.vitals.WorkerPool;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * How far those runs are that somebody watches, in memory. A look hands out what is known and has what is new fetched by a thread beside
 * those of requests: nothing goes on unasked.
 */
public final class LiveProgress implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LiveProgress.class);

    private static final Duration PACE = Duration.ofMillis(1500);
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(15);
    /** A driver gives a sign of life each minute, whatever its pace: this much beyond that is long. */
    private static final Duration SILENCE = Duration.ofSeconds(60 + 90);

    private static final int KEPT = 2_000;
    private static final int THREADS = 4;

    private final DriverWords words;
    private final LiveFolders folders;
    private final Clock clock;
    private final ExecutorService worker = new WorkerPool("live-progress", THREADS);
    private final Map<URI, Entry> entries = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<URI, Entry> eldest) {
            return size() > KEPT;
        }
    };

    LiveProgress(DriverWords words, LiveFolders folders, Clock clock) {
        this.words = words;
        this.folders = folders;
        this.clock = clock;
    }

    /** What is known of one run; guarded by itself. */
    private static final class Entry {
        private boolean atWork;
        private Instant next = Instant.MIN;
        private DriverWords.@Nullable Word word;
        private @Nullable RunProgress progress;
        /** When its driver said something new, by our clock, and when it was last listened to. */
        private Instant reportedAt = Instant.MIN;

        private Instant listened = Instant.MIN;
    }

    /** @param isWatched as for {@link io.slipway.compute.RunSigns#progress} */
    public Optional<RunProgress> of(LiveLocations locations, boolean isWatched) {
        Entry entry;
        synchronized (entries) {
            entry = isWatched
                    ? entries.computeIfAbsent(locations.folder(), uri -> new Entry())
                    : entries.get(locations.folder());
        }
        if (entry == null) {
            return Optional.empty();
        }
        synchronized (entry) {
            if (isWatched && !entry.atWork && !clock.instant().isBefore(entry.next)) {
                entry.atWork = true;
                fetch(locations, entry);
            }
            return Optional.ofNullable(entry.progress);
        }
    }

    private void fetch(LiveLocations locations, Entry entry) {
        try {
            worker.execute(() -> read(locations, entry));
        } catch (RejectedExecutionException closing) {
            log.debug("Nothing more is read of {}", locations.folder());
        }
    }

    private void read(LiveLocations locations, Entry entry) {
        Duration pause = PACE;
        try {
            folders.mark(locations);
            DriverWords.Word known;
            synchronized (entry) {
                known = entry.word;
            }
            Optional<DriverWords.Word> news = words.read(locations.folder(), "progress.json", known);
            Instant now = clock.instant();
            if (news.isPresent()) {
                record(entry, news.get(), now);
            }
            synchronized (entry) {
                entry.listened = now;
            }
        } catch (SdkException | IOException trouble) {
            log.debug("How far the run of {} is cannot be read: {}", locations.folder(), trouble.getMessage());
            pause = PAUSE_AFTER_TROUBLE;
        } finally {
            synchronized (entry) {
                entry.atWork = false;
                entry.next = clock.instant().plus(pause);
            }
        }
    }

    private static void record(Entry entry, DriverWords.Word word, Instant now) {
        synchronized (entry) {
            entry.word = word;
            Optional<RunProgress> read = ProgressFile.read(word.content(), entry.progress, word.at());
            if (read.isPresent()) {
                entry.progress = read.get();
                entry.reportedAt = now;
            } else {
                log.debug("{} is no driver's word", word.key());
            }
        }
    }

    /** As {@link io.slipway.compute.RunSigns#silent}. */
    public Set<String> silent() {
        Map<URI, Entry> all;
        synchronized (entries) {
            all = new HashMap<>(entries);
        }
        Set<String> silent = new HashSet<>();
        all.forEach((folder, entry) -> {
            synchronized (entry) {
                if (entry.progress != null && entry.listened.isAfter(entry.reportedAt.plus(SILENCE))) {
                    String path = folder.getPath();
                    silent.add(path.substring(path.lastIndexOf('/') + 1));
                }
            }
        });
        return silent;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
