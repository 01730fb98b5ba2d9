package io.slipway.compute.emr.steps;

import io.slipway.jobs.RunRef;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latest intents that a call may have left under: one intent is one call. It also remembers the runs of a batch that EMR refused,
 * which are sent one by one when their time comes, so that the one at fault fails alone.
 */
final class SentIntents {

    private static final int REMEMBERED = 10_000;

    private final Map<String, Instant> sent = new Recent<>();
    private final Map<String, Boolean> suspects = new Recent<>();

    synchronized boolean contains(RunRef run) {
        return run.intentAt().equals(sent.get(run.submissionKey()));
    }

    synchronized void add(RunRef run) {
        sent.put(run.submissionKey(), run.intentAt());
    }

    synchronized boolean isSuspect(String submissionKey) {
        return suspects.containsKey(submissionKey);
    }

    synchronized void suspect(Collection<String> submissionKeys) {
        submissionKeys.forEach(key -> suspects.put(key, true));
    }

    private static final class Recent<V> extends LinkedHashMap<String, V> {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > REMEMBERED;
        }
    }
}
