package io.slipway.compute.emr.links;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.SparkUi;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.links.AppUiCalls.Answer;
import io.slipway.compute.emr.links.AppUiCalls.Wish;
import io.slipway.vitals.WorkerPool;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presigned links to Spark's own pages, in memory for a minute. Whoever has such a link is let in, so it is in no table and no log; and so
 * it cannot come from the leader to the replica that was asked. Each replica makes its own, on one thread beside those of requests, with a
 * small budget of its own for these calls alone, in the slack between ours and EMR's. Nothing goes on unasked: each step is taken because
 * somebody asked again, as {@code Retry-After} asked them to.
 */
public final class AppUiLinks implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AppUiLinks.class);

    private static final Duration GOOD_FOR = Duration.ofMinutes(1);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(3);
    private static final Duration ASK_AGAIN_WHEN_SPENT = Duration.ofSeconds(10);
    private static final int KEPT = 500;

    /** EMR: an application shows up in its history server after two minutes or more. */
    public static final Duration DELAY = Duration.ofMinutes(2);

    private final AppUiCalls calls;
    private final Clock clock;
    private final ExecutorService worker = new WorkerPool("spark-ui-links", 1);
    private final Map<Wish, Entry> entries = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Wish, Entry> eldest) {
            return size() > KEPT;
        }
    };

    public AppUiLinks(AppUiCalls calls, Clock clock) {
        this.calls = calls;
        this.clock = clock;
    }

    /** How far a wish is; guarded by itself. */
    private static final class Entry {
        private boolean atWork;
        private Instant at = Instant.MIN;
        private @Nullable URI uri;
        private @Nullable String refusal;
        private SparkUi.Coming coming = new SparkUi.Coming("EMR is asked for the link.", ASK_AGAIN);
    }

    public SparkUi of(Wish wish) {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(wish, key -> new Entry());
        }
        synchronized (entry) {
            boolean fresh = clock.instant().isBefore(entry.at.equals(Instant.MIN) ? entry.at : entry.at.plus(GOOD_FOR));
            if (fresh && entry.uri != null) {
                return new SparkUi.Ready(entry.uri);
            }
            if (fresh && entry.refusal != null) {
                return new SparkUi.None(entry.refusal);
            }
            entry.uri = null;
            entry.refusal = null;
            if (!entry.atWork) {
                entry.atWork = true;
                worker.execute(() -> work(wish, entry));
            }
            return entry.coming;
        }
    }

    private void work(Wish wish, Entry entry) {
        Answer answer = new Answer(null, null);
        String refusal = null;
        SparkUi.Coming coming = new SparkUi.Coming("EMR is making the link.", ASK_AGAIN);
        try {
            answer = calls.ask(wish);
            if (answer.status() != null) {
                coming = new SparkUi.Coming("EMR is making the link: " + answer.status() + ".", ASK_AGAIN);
            }
        } catch (ComputeUnavailable.Spent later) {
            coming = new SparkUi.Coming("The calls for links are spent for now.", ASK_AGAIN_WHEN_SPENT);
        } catch (EmrAccount.Refused no) {
            refusal = "EMR makes no link: " + no.getMessage();
        } catch (RuntimeException failure) {
            log.warn("No link to the Spark UI of {}: {}", wish.clusterId(), failure.getMessage());
            coming = new SparkUi.Coming("EMR did not answer; it is asked again.", ASK_AGAIN_WHEN_SPENT);
        } finally {
            synchronized (entry) {
                entry.atWork = false;
                entry.uri = answer.uri();
                entry.refusal = refusal;
                entry.coming = coming;
                entry.at = clock.instant();
            }
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
