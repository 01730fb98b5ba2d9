package io.slipway.compute.emr;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.Observation;
import io.slipway.compute.Occupancy;
import io.slipway.compute.PlannedRun;
import io.slipway.compute.PreparedBatch;
import io.slipway.compute.RunExecutor;
import io.slipway.compute.emr.client.ClusterChoice;
import io.slipway.compute.emr.steps.EmrCluster;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs on what a configured name stands for on EMR: one cluster now, and perhaps another one later. A run is a step of the cluster that its
 * intent names, and is looked for there, whichever cluster new runs go to.
 */
final class EmrExecutor implements RunExecutor {

    private static final Logger log = LoggerFactory.getLogger(EmrExecutor.class);

    private final int stepConcurrency;
    private final ClusterChoice choice;
    private final Function<String, EmrCluster> connect;
    private final Clock clock;

    /** Those that runs go to, or are on; only the loop adds to it. */
    private final Map<String, EmrCluster> clusters = new ConcurrentHashMap<>();

    EmrExecutor(int stepConcurrency, ClusterChoice choice, Function<String, EmrCluster> connect, Clock clock) {
        this.stepConcurrency = stepConcurrency;
        this.choice = choice;
        this.connect = connect;
        this.clock = clock;
    }

    /** Whether a run of this target may be on the cluster. */
    boolean isOn(String clusterId) {
        return clusters.containsKey(clusterId)
                || choice.chosen().filter(clusterId::equals).isPresent();
    }

    @Override
    public List<PreparedBatch> prepare(List<PlannedRun> wanted) {
        if (chooseCurrent().isEmpty()) {
            return List.of();
        }
        List<PreparedBatch> batches = new ArrayList<>();
        new ClusterAssignment(choice.openClusters()).assign(wanted).forEach((id, runs) -> {
            EmrCluster cluster = cluster(id);
            cluster.prepare(runs).forEach(batch -> batches.add(new EmrBatch(cluster, batch, choice)));
        });
        return batches;
    }

    /** The cluster for new runs. One that closes and can be replaced is replaced before anything is intended for it. */
    private Optional<EmrCluster> chooseCurrent() {
        Optional<EmrCluster> current = choice.choose().map(this::cluster);
        if (current.isPresent() && choice.mayChange()) {
            current.get().refresh();
            if (current.get().isClosing() && choice.replace(current.get().id())) {
                return choice.choose().map(this::cluster);
            }
        }
        return current;
    }

    /** The cluster of the id; the one that was chosen last for those who know none. */
    Optional<EmrCluster> cluster(Optional<String> clusterId) {
        return clusterId.or(choice::chosen).map(this::cluster);
    }

    private EmrCluster cluster(String id) {
        return clusters.computeIfAbsent(id, connect);
    }

    @Override
    public Observation observe(List<RunRef> runs) {
        chooseCurrent();
        Map<String, List<RunRef>> byCluster = byCluster(runs);
        byCluster.keySet().forEach(this::cluster);
        clusters.values()
                .removeIf(cluster -> !byCluster.containsKey(cluster.id())
                        && choice.chosen().filter(cluster.id()::equals).isEmpty()
                        && cluster.isQuiet(clock.instant()));
        List<Observation> looks = new ArrayList<>();
        each(
                clusters.values(),
                cluster ->
                        looks.add(cluster.observe(byCluster.getOrDefault(cluster.id(), List.of()), stepConcurrency)));
        return new Observation(
                looks.stream().flatMap(look -> look.reports().stream()).toList(),
                looks.stream().flatMap(look -> look.unexpectedRuns().stream()).toList(),
                occupancy(),
                looks.stream().allMatch(Observation::complete));
    }

    private Occupancy occupancy() {
        return cluster(Optional.empty())
                .map(cluster -> cluster.occupancy(stepConcurrency))
                .orElseGet(() -> new Occupancy(null, stepConcurrency, 0, 0, EmrCluster.STEPS));
    }

    @Override
    public List<RunReport> lookAt(List<RunRef> runs, Calls calls) {
        List<RunReport> learned = new ArrayList<>();
        Map<String, List<RunRef>> byCluster = byCluster(runs);
        each(
                byCluster.keySet().stream().map(this::cluster).toList(),
                cluster -> learned.addAll(cluster.lookAt(byCluster.getOrDefault(cluster.id(), List.of()), calls)));
        return learned;
    }

    @Override
    public ClusterHealth lookAtCluster() {
        choice.chosen().ifPresent(this::cluster);
        clusters.values().forEach(EmrCluster::lookAtCluster);
        return health();
    }

    /** One cluster's silence is not the others'; when there is only one, or none answers, it is told. */
    private static void each(Iterable<EmrCluster> some, Consumer<EmrCluster> look) {
        ComputeUnavailable silence = null;
        boolean answered = false;
        for (EmrCluster cluster : some) {
            try {
                look.accept(cluster);
                answered = true;
            } catch (ComputeUnavailable e) {
                log.debug("Cluster {} did not answer: {}", cluster.id(), e.getMessage());
                silence = e;
            }
        }
        if (silence != null && !answered) {
            throw silence;
        }
    }

    private Map<String, List<RunRef>> byCluster(List<RunRef> runs) {
        Map<String, List<RunRef>> byCluster = new LinkedHashMap<>();
        for (RunRef run : runs) {
            String clusterId = run.clusterId() == null ? chosen() : run.clusterId();
            if (clusterId != null) {
                byCluster.computeIfAbsent(clusterId, id -> new ArrayList<>()).add(run);
            }
        }
        return byCluster;
    }

    private @Nullable String chosen() {
        return choice.chosen().orElse(null);
    }

    @Override
    public void cancel(List<RunRef> runs) {
        byCluster(runs).forEach((id, some) -> cluster(id).cancel(some));
    }

    @Override
    public void withdraw(List<RunRef> runs) {
        byCluster(runs).forEach((id, some) -> cluster(id).withdraw(some));
    }

    ClusterHealth health() {
        return choice.chosen()
                .map(id -> Optional.ofNullable(clusters.get(id))
                        .map(EmrCluster::health)
                        .orElse(ClusterHealth.NOT_SEEN_YET))
                .orElseGet(choice::whenNone);
    }
}
