package io.slipway.api;

import java.util.HashMap;
import java.util.Map;

/** How many uploads may be under way, in all and of one owner. */
final class UploadSlots {

    private final int most;
    private final int ofOwner;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    UploadSlots(int most, int ofOwner) {
        this.most = most;
        this.ofOwner = ofOwner;
    }

    /** Whether the owner got one. */
    synchronized boolean take(String owner) {
        int own = taken.getOrDefault(owner, 0);
        if (all >= most || own >= limit(all - own)) {
            return false;
        }
        taken.merge(owner, 1, Integer::sum);
        all++;
        return true;
    }

    /** The owner's share of what others leave, so that two who send slowly do not take all of them between them. */
    private int limit(int others) {
        return Math.max(1, (most - others) * ofOwner / most);
    }

    synchronized void giveBack(String owner) {
        taken.computeIfPresent(owner, (who, many) -> many == 1 ? null : many - 1);
        all--;
    }
}
