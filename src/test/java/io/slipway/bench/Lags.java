package io.slipway.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times that something took, and the longest that something not done yet has been taking. */
final class Lags {

    private final List<Duration> all = new ArrayList<>();
    private Duration longest = Duration.ZERO;

    void add(Duration lag) {
        all.add(lag);
        atLeast(lag);
    }

    void atLeast(Duration lag) {
        longest = lag.compareTo(longest) > 0 ? lag : longest;
    }

    void clear() {
        all.clear();
        longest = Duration.ZERO;
    }

    Lags copy() {
        Lags copy = new Lags();
        copy.all.addAll(all);
        copy.longest = longest;
        return copy;
    }

    int count() {
        return all.size();
    }

    Duration longest() {
        return longest;
    }

    /** @param share of the times that are not longer, such as 0.99 */
    Duration quantile(double share) {
        if (all.isEmpty()) {
            return Duration.ZERO;
        }
        List<Duration> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
    }
}
