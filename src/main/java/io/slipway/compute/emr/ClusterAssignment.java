package io.slipway.compute.emr;

import io.slipway.compute.OrderedClusters.OpenCluster;
import io.slipway.compute.PlannedRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which run goes to which cluster: to the one that was made for its job, else to the oldest that has room, so that the newer ones become
 * idle and end. A run for which there is no room is left out.
 */
record ClusterAssignment(List<OpenCluster> clusters) {

    Map<String, List<PlannedRun>> assign(List<PlannedRun> wanted) {
        Map<String, List<PlannedRun>> assigned = new LinkedHashMap<>();
        for (PlannedRun run : wanted) {
            find(run, assigned)
                    .ifPresent(cluster -> assigned.computeIfAbsent(cluster.clusterId(), id -> new ArrayList<>())
                            .add(run));
        }
        return assigned;
    }

    private Optional<OpenCluster> find(PlannedRun run, Map<String, List<PlannedRun>> assigned) {
        List<OpenCluster> open = clusters.stream()
                .filter(cluster ->
                        assigned.getOrDefault(cluster.clusterId(), List.of()).size() < cluster.freeSlots())
                .toList();
        return open.stream()
                .filter(cluster -> isOfJob(run, cluster.jobId()))
                .findFirst()
                .or(() ->
                        open.stream().filter(cluster -> cluster.jobId() == null).findFirst());
    }

    private static boolean isOfJob(PlannedRun run, @Nullable String jobId) {
        return jobId != null && run.submissionKey().value().startsWith(jobId + "-");
    }
}
