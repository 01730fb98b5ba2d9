package io.slipway.logs;

import io.slipway.artifacts.Home;
import io.slipway.compute.MeasuredStream;
import io.slipway.compute.RunStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Compressed logs as plain files, so that any place of them can be read at once. Each is inflated once, on a thread of its own, and
 * can be read from while that goes on; the ones that nobody looked at for longest go when all together are too large. Nothing here
 * outlives the service.
 */
@Component
class InflatedLogs implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(InflatedLogs.class);

    /** More than this is not kept on disk, all logs together; nor of one log. */
    private static final long MOST_BYTES = 4L << 30;

    /** After a failure, or where only reading tells whether there is more. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    /** Who asks first waits this long: most logs are whole by then. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(400);

    private static final long TRIM_EVERY = 64L << 20;

    private final Path folder;
    private final Clock clock;
    private final Map<String, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
    private final ExecutorService inflaters = pool();

    InflatedLogs(Home home, Clock clock) throws IOException {
        this.folder = home.home().resolve("log-cache");
        this.clock = clock;
        FileSystemUtils.deleteRecursively(folder);
    }

    /** @param key names the log among all logs of all jobs */
    LogBytes of(String key, RunStream stream) throws IOException {
        Copy copy;
        synchronized (copies) {
            Copy known = copies.get(key);
            if (known == null) {
                Files.createDirectories(folder);
                known = new Copy(key, Files.createTempFile(folder, "log-", null));
                copies.put(key, known);
            }
            copy = known;
        }
        copy.goOn(stream).ifPresent(InflatedLogs::await);
        return copy;
    }

    /** Drops whole logs, the one that nobody looked at for longest first. */
    private void trim(String kept) {
        synchronized (copies) {
            long total = copies.values().stream().mapToLong(Copy::size).sum();
            var oldest = copies.entrySet().iterator();
            while (total > MOST_BYTES && oldest.hasNext()) {
                var each = oldest.next();
                if (!each.getKey().equals(kept)) {
                    total -= each.getValue().size();
                    oldest.remove();
                    each.getValue().delete();
                }
            }
        }
    }

    private static void await(Future<?> inflated) {
        try {
            inflated.get(FIRST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException goesOn) {
            log.trace("a log is shown as far as it is inflated", goesOn);
        }
    }

    @Override
    public void destroy() {
        inflaters.shutdownNow();
    }

    private static ExecutorService pool() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(2, 2, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "inflate-log");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** One log on this disk. */
    private final class Copy implements LogBytes {

        private final String key;
        private final Path file;
        private volatile long written;
        private volatile boolean atWork;
        private volatile boolean dropped;
        private volatile double share;
        private volatile @Nullable String complete;
        private @Nullable String tried;
        private Instant lastTry = Instant.MIN;

        Copy(String key, Path file) {
            this.key = key;
            this.file = file;
        }

        /** What was inflated stays; a later look only adds what came after it, when there may be any. */
        synchronized Optional<Future<?>> goOn(RunStream stream) {
            if (atWork || !isDue(stream.revision())) {
                return Optional.empty();
            }
            lastTry = clock.instant();
            tried = stream.revision();
            atWork = true;
            return Optional.of(inflaters.submit(() -> inflate(stream)));
        }

        private boolean isDue(String revision) {
            if (lastTry.equals(Instant.MIN)) {
                return true;
            }
            if (!revision.isEmpty() && revision.equals(complete)) {
                return false;
            }
            boolean isNew = !revision.isEmpty() && !revision.equals(tried);
            return isNew || !clock.instant().isBefore(lastTry.plus(AGAIN));
        }

        private void inflate(RunStream stream) {
            share = 0;
            try (InputStream in = stream.open(written);
                    RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                out.seek(written);
                copy(in, out);
                complete = stream.revision();
            } catch (IOException | RuntimeException unreadable) {
                log.warn("The log {} cannot be read further: {}", stream.name(), unreadable.toString());
            } finally {
                atWork = false;
            }
        }

        private void copy(InputStream in, RandomAccessFile out) throws IOException {
            byte[] buffer = new byte[1 << 16];
            long untrimmed = TRIM_EVERY;
            for (int read = in.read(buffer); read >= 0 && !dropped && written < MOST_BYTES; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                written += read;
                share = in instanceof MeasuredStream measured ? measured.share() : 0;
                untrimmed += read;
                if (untrimmed >= TRIM_EVERY) {
                    untrimmed = 0;
                    trim(key);
                }
            }
        }

        @Override
        public long size() {
            return written;
        }

        @Override
        public byte[] read(long position, int length) throws IOException {
            long there = written;
            if (position >= there) {
                return new byte[0];
            }
            byte[] bytes = new byte[(int) Math.min(length, there - position)];
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                in.seek(position);
                in.readFully(bytes);
            }
            return bytes;
        }

        /** Never 1 before the end: that is what a page waits for. */
        @Override
        public double progress() {
            return atWork ? Math.min(0.99, share) : 1;
        }

        void delete() {
            dropped = true;
            try {
                Files.deleteIfExists(file);
            } catch (IOException left) {
                log.debug("{} stays until the next start: {}", file, left.toString());
            }
        }
    }
}
