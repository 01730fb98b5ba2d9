package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterSettings;
import io.slipway.compute.Compute;
import io.slipway.compute.ComputeProvider;
import io.slipway.compute.Target;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the computes of EMR clusters. The SDK is set up with the first of them: a service without EMR needs no AWS at all. */
final class EmrComputeProvider implements ComputeProvider, AutoCloseable {

    private final EmrSettings settings;
    private final ArtifactStore store;
    private final CircuitBreakerRegistry breakers;
    private final RetryRegistry retries;
    private final Function<String, Optional<ClusterHealth>> writtenDown;
    private final CallBudget budget;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Supplier<EmrClients> makeClients;
    private final Map<String, List<String>> nameOfId = new ConcurrentHashMap<>();
    private @Nullable EmrClients clients;

    EmrComputeProvider(
            EmrSettings settings,
            ArtifactStore store,
            CircuitBreakerRegistry breakers,
            RetryRegistry retries,
            CallBudget budget,
            MeterRegistry meters,
            Function<String, Optional<ClusterHealth>> writtenDown,
            Clock clock,
            Supplier<EmrClients> makeClients) {
        this.settings = settings;
        this.store = store;
        this.breakers = breakers;
        this.retries = retries;
        this.writtenDown = writtenDown;
        this.budget = budget;
        this.meters = meters;
        this.clock = clock;
        this.makeClients = makeClients;
    }

    @Override
    public Optional<Compute> create(String name, ClusterSettings cluster) {
        ClusterSettings.Emr emr = cluster.emr();
        return emr == null ? Optional.empty() : Optional.of(create(name, emr));
    }

    private Compute create(String name, ClusterSettings.Emr cluster) {
        if (!"s3".equals(store.uri(NodeProgram.launcher().name()).getScheme())) {
            throw new IllegalStateException("slipway.clusters." + name
                    + " is an EMR cluster, which reads projects from S3: set slipway.artifacts.s3.bucket.");
        }
        EmrClients shared = clients();
        nameOfId.computeIfAbsent(cluster.clusterId(), id -> new CopyOnWriteArrayList<>())
                .add(name);
        EmrCalls calls = new EmrCalls(
                cluster.clusterId(), shared, Resilience.breaker(breakers), Resilience.retry(retries), budget, meters);
        ClusterWatch watch = new ClusterWatch(calls, clock, settings.clusterAge(), () -> writtenDown.apply(name));
        int slots = Math.min(EmrCompute.STEPS_OF_A_CLUSTER, cluster.stepConcurrency() + cluster.lookAhead());
        return new EmrCompute(
                new Target(name, Target.Kind.EMR, slots, settings.settle(), settings.pace()),
                calls,
                watch,
                new StepSubmission(calls, new StepTranslation(store, cluster.jobs()), settings, clock),
                new StepObservation(calls, watch, settings, clock),
                shared,
                settings.cleanup());
    }

    /** The configured names of a cluster. */
    List<String> names(String clusterId) {
        return nameOfId.getOrDefault(clusterId, List.of());
    }

    private synchronized EmrClients clients() {
        EmrClients made = clients;
        if (made == null) {
            made = makeClients.get();
            clients = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (clients != null) {
            clients.close();
        }
    }
}
