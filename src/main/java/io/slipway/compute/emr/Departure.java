package io.slipway.compute.emr;

import java.time.Instant;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;

/** One AddJobFlowSteps call on its way out: what may still stop it, and whether anything of it may have left this machine. */
final class Departure {

    static final ExecutionAttribute<Departure> ATTRIBUTE = new ExecutionAttribute<>("SlipwayDeparture");

    private final Instant oldestIntent;
    private volatile boolean left;

    Departure(Instant oldestIntent) {
        this.oldestIntent = oldestIntent;
    }

    Instant oldestIntent() {
        return oldestIntent;
    }

    void leaves() {
        left = true;
    }

    boolean mayHaveLeft() {
        return left;
    }
}
