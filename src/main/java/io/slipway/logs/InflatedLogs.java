package io.slipway.logs;

import io.slipway.artifacts.Home;
import io.slipway.compute.RunStream;
import io.slipway.vitals.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Compressed logs as plain files, so that any part of them can be read at once. Each is inflated once, on a thread of its own, and
 * can be read from while that goes on; the ones that nobody looked at for longest go when all together are too large. Nothing here
 * outlives the service.
 */
@Component
class InflatedLogs implements DisposableBean {

    /** More than this is not kept on disk, all logs together; nor of one log. */
    private static final long MOST_BYTES = 4L << 30;

    /** Who asks first waits this long: most logs are whole by then. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(400);

    private final Path folder;
    private final Clock clock;
    private final long mostBytes;
    private final Map<String, InflatedLog> logs = new LinkedHashMap<>(16, 0.75f, true);
    private final ExecutorService inflaters = new WorkerPool("inflate-log", 2);

    @Autowired
    InflatedLogs(Home home, Clock clock) throws IOException {
        this(home, clock, MOST_BYTES);
    }

    InflatedLogs(Home home, Clock clock, long mostBytes) throws IOException {
        this.folder = home.home().resolve("log-cache");
        this.clock = clock;
        this.mostBytes = mostBytes;
        FileSystemUtils.deleteRecursively(folder);
    }

    /** @param key names the log among all logs of all jobs */
    LogBytes of(String key, RunStream stream) throws IOException {
        InflatedLog log;
        synchronized (logs) {
            InflatedLog known = logs.get(key);
            if (known == null) {
                Files.createDirectories(folder);
                known = new InflatedLog(Files.createTempFile(folder, "log-", null), mostBytes, clock, () -> trim(key));
                logs.put(key, known);
            }
            log = known;
        }
        if (log.goOn(stream, inflaters)) {
            log.await(FIRST_WAIT);
        }
        return log;
    }

    /** Drops whole logs, the one that nobody looked at for longest first. */
    private void trim(String kept) {
        synchronized (logs) {
            long total = logs.values().stream().mapToLong(InflatedLog::size).sum();
            var oldest = logs.entrySet().iterator();
            while (total > mostBytes && oldest.hasNext()) {
                var each = oldest.next();
                if (!each.getKey().equals(kept)) {
                    total -= each.getValue().size();
                    oldest.remove();
                    each.getValue().delete();
                }
            }
        }
    }

    @Override
    public void destroy() {
        inflaters.shutdownNow();
    }
}
