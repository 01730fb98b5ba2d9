package io.slipway.environments;

import java.time.Clock;
import org.springframework.stereotype.Component;

/**
 * Whether builds reach an index of packages, as the last ones of each cluster found out: it is in the rows of their environments, so that
 * all replicas know the same. Where the settings name an index it is waited for, and nothing goes without.
 */
@Component
public class IndexReach {

    private final Environments environments;
    private final EnvironmentsSettings settings;
    private final Clock clock;

    IndexReach(Environments environments, EnvironmentsSettings settings, Clock clock) {
        this.environments = environments;
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether jobs that did not ask for their requirements may go without them. */
    public boolean mayBeSpared() {
        return settings.indexUrl() == null;
    }

    /** Whether a build on the cluster missed the index a short time ago, and none has gone well since. */
    public boolean isAway(String cluster) {
        return mayBeSpared()
                && environments.missesOfIndex(cluster, clock.instant().minus(settings.indexAwayKept())) > 0;
    }

    /** For people, with the way out. */
    public static String sentence(String cluster) {
        return "The index of packages cannot be reached from cluster " + cluster
                + ". Set slipway.environments.index-url to one that can be, or send requirements=none.";
    }
}
