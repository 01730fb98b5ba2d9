package io.slipway.compute.emr.client;

import io.slipway.compute.Lease;
import java.time.Clock;
import java.time.Duration;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * The last look before a signed call leaves. A sender that was paused after signing (a stopped process, a slow VM) must not send
 * under an intent that others may have given up meanwhile; what gets past here is fenced by the age of its signature.
 */
final class StaleIntentInterceptor implements ExecutionInterceptor {

    private final Clock clock;
    private final Duration callDeadline;
    private final Lease lease;

    StaleIntentInterceptor(Clock clock, Duration callDeadline, Lease lease) {
        this.clock = clock;
        this.callDeadline = callDeadline;
        this.lease = lease;
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        Departure departure = attributes.getAttribute(Departure.ATTRIBUTE);
        if (departure == null) {
            throw new IllegalStateException("a call without an intent");
        }
        if (!clock.instant().isBefore(departure.oldestIntent().plus(callDeadline))) {
            throw AbortedException.create("The call was not sent: its intent of " + departure.oldestIntent()
                    + " is older than the call deadline of " + callDeadline + ".");
        }
        if (!lease.isHeld()) {
            throw AbortedException.create("The call was not sent: this replica does not lead any more.");
        }
        departure.leaves();
    }
}
