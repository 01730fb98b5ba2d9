package io.slipway.compute.emr.client;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one way of this service to EMR, made when somebody first needs it: a service without EMR clusters needs no AWS at all. All that
 * calls EMR shares its clients, its circuit breaker and its call budget.
 */
public final class EmrConnection implements AutoCloseable {

    private final CircuitBreakerRegistry breakers;
    private final RetryRegistry retries;
    private final CallBudget budget;
    private final MeterRegistry meters;
    private final Supplier<EmrClients> makeClients;
    private @Nullable EmrClients clients;
    private @Nullable EmrAccount account;

    public EmrConnection(
            CircuitBreakerRegistry breakers,
            RetryRegistry retries,
            CallBudget budget,
            MeterRegistry meters,
            Supplier<EmrClients> makeClients) {
        this.breakers = breakers;
        this.retries = retries;
        this.budget = budget;
        this.meters = meters;
        this.makeClients = makeClients;
    }

    /** @throws IllegalStateException when the AWS SDK is not configured */
    public synchronized EmrAccount account() {
        if (account == null) {
            account =
                    new EmrAccount(clients(), Resilience.breaker(breakers), Resilience.retry(retries), budget, meters);
        }
        return account;
    }

    /** @throws IllegalStateException when the AWS SDK is not configured */
    public synchronized EmrClients clients() {
        if (clients == null) {
            clients = makeClients.get();
        }
        return clients;
    }

    /** Whether anything has needed it yet. */
    public synchronized boolean isMade() {
        return clients != null;
    }

    @Override
    public synchronized void close() {
        if (clients != null) {
            Objects.requireNonNull(clients).close();
        }
    }
}
