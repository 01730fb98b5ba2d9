package io.slipway.compute.emr;

import io.slipway.compute.OrderedClusters.Place;
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
record Placement(List<Place> places) {

    Map<String, List<PlannedRun>> place(List<PlannedRun> wanted) {
        Map<String, List<PlannedRun>> placed = new LinkedHashMap<>();
        for (PlannedRun run : wanted) {
            find(run, placed)
                    .ifPresent(place -> placed.computeIfAbsent(place.clusterId(), id -> new ArrayList<>())
                            .add(run));
        }
        return placed;
    }

    private Optional<Place> find(PlannedRun run, Map<String, List<PlannedRun>> placed) {
        List<Place> open = places.stream()
                .filter(place ->
                        placed.getOrDefault(place.clusterId(), List.of()).size() < place.room())
                .toList();
        return open.stream()
                .filter(place -> isOfJob(run, place.jobId()))
                .findFirst()
                .or(() -> open.stream().filter(place -> place.jobId() == null).findFirst());
    }

    private static boolean isOfJob(PlannedRun run, @Nullable String jobId) {
        return jobId != null && run.submissionKey().value().startsWith(jobId + "-");
    }
}
