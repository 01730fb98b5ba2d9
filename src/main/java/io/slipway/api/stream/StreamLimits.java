package io.slipway.api.stream;

import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** How many streams there may be, of events and of logs together, in all and of one owner. */
@Component
final class StreamLimits {

    private final StreamSettings settings;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    StreamLimits(StreamSettings settings) {
        this.settings = settings;
    }

    synchronized void take(String owner, boolean stopping) {
        if (stopping || all >= settings.most()) {
            throw new TooManyStreams(
                    false,
                    stopping
                            ? "The service is stopping. Try again in a few seconds."
                            : settings.most()
                                    + " streams are open (slipway.api.stream.most). Try again in a few seconds.");
        }
        if (taken.getOrDefault(owner, 0) >= settings.mostOfOwner()) {
            throw new TooManyStreams(
                    true,
                    "You have " + settings.mostOfOwner()
                            + " open streams (slipway.api.stream.most-of-owner). Close one, or try again later.");
        }
        taken.merge(owner, 1, Integer::sum);
        all++;
    }

    synchronized void giveBack(String owner) {
        taken.computeIfPresent(owner, (who, many) -> many == 1 ? null : many - 1);
        all--;
    }
}
