package io.slipway.provision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the last orders of a template went.
 *
 * @param failures in a row, since the last cluster that became ready and since a person last resumed the template
 * @param lastFailure the newest of them; {@code null} without any
 * @param subnet which subnet the next order tries, before it is wrapped round
 */
public record OrderHistory(int failures, @Nullable ClusterOrder lastFailure, int subnet) {

    /** After so many failures in a row a person has to look. */
    public static final int MOST_FAILURES = 3;

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

    /** @param newestFirst as many as matter: more than {@value #MOST_FAILURES} beside those that are open */
    static OrderHistory of(List<ClusterOrder> newestFirst, @Nullable Instant resumedAt) {
        int failures = 0;
        ClusterOrder last = null;
        for (ClusterOrder order : newestFirst) {
            if (order.readyAt() != null) {
                break;
            }
            Instant endedAt = order.endedAt();
            boolean counts = order.state() == OrderState.FAILED
                    && endedAt != null
                    && (resumedAt == null || endedAt.isAfter(resumedAt));
            if (counts) {
                failures++;
                last = last == null ? order : last;
            }
        }
        int subnet = newestFirst.isEmpty()
                ? 0
                : newestFirst.get(0).subnet() + (newestFirst.get(0).state() == OrderState.FAILED ? 1 : 0);
        return new OrderHistory(failures, last, subnet);
    }

    /** Nothing is ordered until a person resumes it. */
    public boolean isPaused() {
        return failures >= MOST_FAILURES;
    }

    /** Before this nothing is ordered again: a minute after the first failure, four after the second. */
    public Instant notBefore() {
        Instant endedAt = lastFailure == null ? null : lastFailure.endedAt();
        return endedAt == null ? Instant.EPOCH : endedAt.plus(FIRST_PAUSE.multipliedBy(1L << (2 * (failures - 1))));
    }
}
