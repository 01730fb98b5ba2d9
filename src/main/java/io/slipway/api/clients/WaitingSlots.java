package io.slipway.api.clients;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many threads may wait for clients: in all, for one owner, and for those who have not said who they are. Whoever gets no slot is
 * still served as long as nobody has to wait for them.
 */
public final class WaitingSlots {

    /** Who has not shown a valid token. No owner's name is empty. */
    static final String NOBODY = "";

    private final int most;
    private final int ofOwner;
    private final int ofNobody;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    WaitingSlots(int threads, ClientSettings settings) {
        this.most = Math.max(2, threads / 2);
        this.ofOwner = settings.ofOwner() > 0 ? settings.ofOwner() : Math.max(1, most / 2);
        this.ofNobody = settings.ofNobody() > 0 ? settings.ofNobody() : Math.max(1, most / 4);
    }

    /** A slot that is taken. */
    final class Slot implements AutoCloseable {
        private final String owner;

        private Slot(String owner) {
            this.owner = owner;
        }

        @Override
        public void close() {
            giveBack(owner);
        }
    }

    /** Whether all slots that the owner may have are taken. */
    synchronized boolean isFull(String owner) {
        return all >= most || taken.getOrDefault(owner, 0) >= limit(owner);
    }

    synchronized @Nullable Slot take(String owner) {
        if (isFull(owner)) {
            return null;
        }
        taken.merge(owner, 1, Integer::sum);
        all++;
        return new Slot(owner);
    }

    private synchronized void giveBack(String owner) {
        taken.computeIfPresent(owner, (who, many) -> many == 1 ? null : many - 1);
        all--;
    }

    synchronized int taken() {
        return all;
    }

    private int limit(String owner) {
        return owner.equals(NOBODY) ? ofNobody : ofOwner;
    }
}
