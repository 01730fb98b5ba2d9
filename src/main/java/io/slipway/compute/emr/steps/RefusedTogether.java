package io.slipway.compute.emr.steps;

import io.slipway.jobs.SubmissionKey;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Runs of calls that EMR refused for what was in them. EMR does not say which step it was, so each of them goes alone when its time comes
 * again, and the one at fault fails alone.
 */
final class RefusedTogether {

    private static final int REMEMBERED = 10_000;

    private final Set<SubmissionKey> keys = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SubmissionKey, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    boolean contains(SubmissionKey submissionKey) {
        return keys.contains(submissionKey);
    }

    void add(Collection<SubmissionKey> submissionKeys) {
        keys.addAll(submissionKeys);
    }
}
