package io.slipway.logs;

import io.slipway.artifacts.Home;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

    /** EMR ships logs about every five minutes; looking more often than this is of no use. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

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
                known = new Copy(Files.createTempFile(folder, "log-", null));
                copies.put(key, known);
                dropOldest(key);
            }
            copy = known;
        }
        copy.goOn(stream);
        return copy;
    }

    private void dropOldest(String kept) {
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

        private final Path file;
        private volatile long written;
        private volatile boolean atWork;
        private volatile boolean dropped;
        private Instant lastLook = Instant.MIN;

        Copy(Path file) {
            this.file = file;
        }

        /** What was inflated stays; a later look only adds what came after it. */
        synchronized void goOn(RunStream stream) {
            Instant now = clock.instant();
            if (!atWork && (lastLook.equals(Instant.MIN) || !now.isBefore(lastLook.plus(AGAIN)))) {
                lastLook = now;
                atWork = true;
                inflaters.execute(() -> inflate(stream));
            }
        }

        private void inflate(RunStream stream) {
            try (InputStream in = stream.open(written);
                    RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                out.seek(written);
                byte[] buffer = new byte[1 << 16];
                for (int read = in.read(buffer);
                        read >= 0 && !dropped && written < MOST_BYTES;
                        read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                    written += read;
                }
            } catch (IOException | RuntimeException unreadable) {
                log.warn("The log {} cannot be read further: {}", stream.name(), unreadable.toString());
            } finally {
                atWork = false;
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

        /** How long the log will be is not known before its end: the bar moves, ever slower. */
        @Override
        public double progress() {
            return atWork ? written / (written + 64.0 * 1024 * 1024) : 1;
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
