package io.slipway.compute.emr.client;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.compute.CallsLeft;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.emr.client.CallBudget.Work;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.Cluster;

/**
 * The way of every call to EMR: within the account's budget, not while the circuit breaker {@code emr} is open, and counted. What only
 * reads (or may be repeated) is retried; what adds steps or makes clusters is not.
 */
public final class EmrAccount {

    private final EmrClients clients;
    private final CircuitBreaker breaker;
    private final Retry retry;
    private final CallBudget budget;
    private final MeterRegistry meters;
    private final Releases releases = new Releases();
    private final Architectures architectures = new Architectures();

    public EmrAccount(
            EmrClients clients, CircuitBreaker breaker, Retry retry, CallBudget budget, MeterRegistry meters) {
        this.clients = clients;
        this.breaker = breaker;
        this.retry = retry;
        this.budget = budget;
        this.meters = meters;
    }

    /** EMR said no to a call that only reads: it does not know the id. */
    public static final class Refused extends RuntimeException {
        Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * @param subject what the call is about: whoever waits for a token waits once for each subject
     * @throws ComputeUnavailable.Spent when no call may be made now
     * @throws ComputeUnavailable when EMR did not answer
     * @throws Refused when EMR does not know what is asked about
     */
    public <T> T ask(EmrApi api, Work work, String subject, Function<EmrClient, T> call) {
        return translated(api, subject, Retry.decorateSupplier(retry, guarded(api, work, subject, call)));
    }

    /** As {@link #ask}, by one attempt: for what is as well asked for later, or in another way. */
    <T> T askOnce(EmrApi api, Work work, String subject, Function<EmrClient, T> call) {
        return translated(api, subject, guarded(api, work, subject, call));
    }

    private <T> Supplier<T> guarded(EmrApi api, Work work, String subject, Function<EmrClient, T> call) {
        return CircuitBreaker.decorateSupplier(breaker, () -> {
            if (!takeToken(api, work, subject)) {
                throw new ComputeUnavailable.Spent("the calls of " + api.operation() + " are spent for now");
            }
            return counted(api, () -> call.apply(clients.reads()));
        });
    }

    /**
     * One attempt of a call that makes something, which must never be repeated blindly.
     *
     * @param subject as in {@link #ask}
     * @throws ComputeUnavailable.Spent when no call may be made now; nothing was sent
     * @throws RuntimeException whatever went wrong
     */
    public <T> T attempt(EmrApi api, Work work, String subject, Function<EmrClient, T> call) {
        if (!takeToken(api, work, subject)) {
            throw new ComputeUnavailable.Spent("the calls of " + api.operation() + " are spent for now");
        }
        return once(api, call);
    }

    /** As {@link #once}, for a call whose lost answer does no harm; it fails as {@link #ask} does. */
    <T> T onceOrUnavailable(EmrApi api, String subject, Function<EmrClient, T> call) {
        return translated(api, subject, () -> once(api, call));
    }

    private static <T> T translated(EmrApi api, String subject, Supplier<T> call) {
        try {
            return call.get();
        } catch (CallNotPermittedException e) {
            throw new ComputeUnavailable("EMR failed too often of late and is left alone for a moment.", e);
        } catch (SdkException e) {
            String message = api.operation() + " of " + subject + ": " + EmrErrors.words(e);
            if (EmrErrors.isRefusal(e)) {
                throw new Refused(message, e);
            }
            throw new ComputeUnavailable("EMR did not answer " + message, e);
        }
    }

    /** Describes one cluster. What never changes of it is remembered. */
    public Cluster describe(String clusterId, Work work, String subject) {
        Cluster cluster = ask(
                        EmrApi.DESCRIBE_CLUSTER,
                        work,
                        subject,
                        emr -> emr.describeCluster(request -> request.clusterId(clusterId)))
                .cluster();
        releases.record(cluster);
        architectures.record(cluster);
        return cluster;
    }

    public Releases releases() {
        return releases;
    }

    /**
     * For which processors the primary node of a cluster is made, as Linux names it. EMR is asked once; empty where it does not tell, or
     * this service may not ask.
     *
     * @throws ComputeUnavailable when that is not known now
     * @throws Refused when EMR does not know the cluster
     */
    public Optional<String> architecture(String clusterId, Work work) {
        return architectures.ask(this, clusterId, work);
    }

    /** Those that were asked for already. */
    public Architectures architectures() {
        return architectures;
    }

    public List<CallsLeft> left() {
        return budget.left();
    }

    /** Takes a token, if there is one, and tells whether there was. */
    boolean takeToken(EmrApi api, Work work, String subject) {
        return budget.tryTake(api, work, subject);
    }

    /** Counts the times that this replica came to lead; tokens that were taken in another term are gone. */
    long term() {
        return budget.term();
    }

    /**
     * One attempt, for which a token was taken before.
     *
     * @throws RuntimeException whatever went wrong
     */
    <T> T once(EmrApi api, Function<EmrClient, T> call) {
        return breaker.executeSupplier(() -> counted(api, () -> call.apply(clients.submit())));
    }

    private <T> T counted(EmrApi api, Supplier<T> call) {
        String outcome = "failed";
        try {
            T answer = call.get();
            outcome = "ok";
            return answer;
        } catch (RuntimeException e) {
            if (EmrErrors.isThrottling(e)) {
                outcome = "throttled";
            } else if (EmrErrors.isRefusal(e)) {
                outcome = "refused";
            }
            throw e;
        } finally {
            meters.counter("slipway.emr.calls", "api", api.operation(), "outcome", outcome)
                    .increment();
        }
    }
}
