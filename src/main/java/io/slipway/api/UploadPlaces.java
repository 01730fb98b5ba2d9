package io.slipway.api;

import java.util.HashMap;
import java.util.Map;

/** How many uploads may be under way, in all and of one owner. */
final class UploadPlaces {

    private final int most;
    private final int ofOwner;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    UploadPlaces(int most, int ofOwner) {
        this.most = most;
        this.ofOwner = ofOwner;
    }

    /** Whether the owner got one. */
    synchronized boolean take(String owner) {
        if (all >= most || taken.getOrDefault(owner, 0) >= ofOwner) {
            return false;
        }
        taken.merge(owner, 1, Integer::sum);
        all++;
        return true;
    }

    synchronized void giveBack(String owner) {
        taken.computeIfPresent(owner, (who, many) -> many == 1 ? null : many - 1);
        all--;
    }
}
