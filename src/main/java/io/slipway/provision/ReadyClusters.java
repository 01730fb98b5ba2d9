package io.slipway.provision;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterState;
import io.slipway.compute.OrderedClusters;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Tells where runs may go: to the clusters whose orders are READY. */
@Component
class ReadyClusters implements OrderedClusters {

    private final ClusterOrders orders;
    private final Jobs jobs;
    private final ClusterProvider provider;
    private final OrderBook book;

    ReadyClusters(ClusterOrders orders, Jobs jobs, ClusterProvider provider, OrderBook book) {
        this.orders = orders;
        this.jobs = jobs;
        this.provider = provider;
        this.book = book;
    }

    @Override
    public Optional<Size> sizeOf(String name) {
        return Optional.ofNullable(provider.templates().get(name))
                .map(ClusterTemplate::size)
                .map(size -> new Size(size.most(), size.stepConcurrency(), size.slots()));
    }

    @Override
    public List<OpenCluster> openClusters(String name) {
        ClusterTemplate template = provider.templates().get(name);
        List<ClusterOrder> ready = orders.findByClusterAndStateInOrderByKey(name, List.of(OrderState.READY));
        if (template == null || ready.isEmpty()) {
            return List.of();
        }
        Map<String, Long> runs = runsByCluster(jobs.findByClusterAndStateInOrderById(name, JobState.onCluster()));
        return ready.stream()
                .filter(order -> order.clusterId() != null)
                .map(order -> open(template, order, runs))
                .toList();
    }

    private static OpenCluster open(ClusterTemplate template, ClusterOrder order, Map<String, Long> runs) {
        String id = Objects.requireNonNull(order.clusterId());
        int freeSlots = (int) Math.max(0, template.slots() - runs.getOrDefault(id, 0L));
        return new OpenCluster(id, freeSlots, order.jobId());
    }

    static Map<String, Long> runsByCluster(List<Job> live) {
        return live.stream()
                .flatMap(job -> job.currentRun().stream())
                .flatMap(run -> Optional.ofNullable(run.ref().clusterId()).stream())
                .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    }

    @Override
    public ClusterHealth whenNone(String name) {
        return book.waitFor(name)
                .map(wait -> new ClusterHealth(state(wait), wait.message(), null))
                .orElseGet(() -> new ClusterHealth(
                        ClusterState.ON_DEMAND, "There is no cluster now; one is ordered when jobs wait.", null));
    }

    private static ClusterState state(ClusterWait wait) {
        return switch (wait.state()) {
            case "PAUSED", "FAILED" -> ClusterState.UNAVAILABLE;
            case "WANTED" -> ClusterState.ON_DEMAND;
            case "IN_USE" -> ClusterState.RUNNING;
            default -> ClusterState.STARTING;
        };
    }
}
