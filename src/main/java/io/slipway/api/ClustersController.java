package io.slipway.api;

import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.Clusters;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where jobs can run, and what is there now. It reads the table; no cluster is asked. */
@RestController
class ClustersController implements ClustersApi {

    private final Clusters clusters;
    private final ClusterSightings sightings;
    private final Jobs jobs;

    ClustersController(Clusters clusters, ClusterSightings sightings, Jobs jobs) {
        this.clusters = clusters;
        this.sightings = sightings;
        this.jobs = jobs;
    }

    @Override
    @GetMapping("/clusters")
    public Page<ClusterView> list() {
        Map<String, ClusterHealth> seen = sightings.all();
        Map<String, Map<JobState, Long>> load =
                Jobs.ClusterLoad.byCluster(jobs.countByClusterAndState(JobState.live()));
        List<ClusterView> items = clusters.all(load.keySet()).stream()
                .map(cluster -> ClusterView.of(
                        cluster.traits(),
                        cluster.traits().name().equals(clusters.defaultName()),
                        seen.getOrDefault(cluster.traits().name(), ClusterHealth.NOT_SEEN_YET),
                        load.getOrDefault(cluster.traits().name(), Map.of())))
                .toList();
        return new Page<>(items, null);
    }
}
