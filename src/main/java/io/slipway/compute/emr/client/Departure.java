package io.slipway.compute.emr.client;

import java.time.Instant;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;

/** One call that makes something, on its way out: what may still stop it, and whether anything of it may have left this machine. */
public final class Departure {

    public static final ExecutionAttribute<Departure> ATTRIBUTE = new ExecutionAttribute<>("SlipwayDeparture");

    private final Instant oldestIntent;
    private volatile boolean left;

    public Departure(Instant oldestIntent) {
        this.oldestIntent = oldestIntent;
    }

    Instant oldestIntent() {
        return oldestIntent;
    }

    void leaves() {
        left = true;
    }

    public boolean mayHaveLeft() {
        return left;
    }
}
