package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.Clusters;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.provision.ClusterTemplate;
import io.slipway.provision.OrderBook;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where jobs can run, and what is there now. It reads the table; no cluster is asked. */
@RestController
class ClustersController implements ClustersApi {

    private final Clusters clusters;
    private final ClusterSightings sightings;
    private final Jobs jobs;
    private final OrderBook orders;
    private final OrderingViews orderings;

    ClustersController(
            Clusters clusters, ClusterSightings sightings, Jobs jobs, OrderBook orders, OrderingViews orderings) {
        this.clusters = clusters;
        this.sightings = sightings;
        this.jobs = jobs;
        this.orders = orders;
        this.orderings = orderings;
    }

    @Override
    @GetMapping("/clusters")
    public Page<ClusterView> list(HttpServletRequest request) {
        Caller caller = Caller.of(request);
        Map<String, ClusterTemplate> templates = orders.templates();
        Map<String, ClusterHealth> seen = sightings.all();
        Map<String, Map<JobState, Long>> load =
                Jobs.ClusterLoad.byCluster(jobs.countByClusterAndState(JobState.live()));
        List<ClusterView> items = clusters.all(load.keySet()).stream()
                .map(cluster -> ClusterView.of(
                        cluster.traits(),
                        cluster.traits().name().equals(clusters.defaultName()),
                        seen.getOrDefault(cluster.traits().name(), ClusterHealth.NOT_SEEN_YET),
                        load.getOrDefault(cluster.traits().name(), Map.of()),
                        ordering(templates.get(cluster.traits().name()), caller)))
                .toList();
        return new Page<>(items, null);
    }

    private @Nullable OrderingView ordering(@Nullable ClusterTemplate template, Caller caller) {
        return template == null ? null : orderings.of(template, caller);
    }
}
