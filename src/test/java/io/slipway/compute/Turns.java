package io.slipway.compute;

import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.SubmissionKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the loop does with a cluster, turn by turn: what cannot be prepared in one turn is prepared in the next. */
public final class Turns {

    private Turns() {}

    public static PlannedRun planned(RunOrder order) {
        return new PlannedRun(order.run().submissionKey(), order.jobName(), order.plan());
    }

    public static List<PreparedBatch> prepare(Cluster cluster, List<RunOrder> orders) {
        return cluster.executor().prepare(orders.stream().map(Turns::planned).toList());
    }

    /** The answers in the order of the orders. */
    public static List<StartResult> start(Cluster cluster, List<RunOrder> orders) {
        Map<SubmissionKey, StartResult> results = new LinkedHashMap<>();
        List<RunOrder> rest = new ArrayList<>(orders);
        for (int turn = 0; !rest.isEmpty() && turn <= orders.size(); turn++) {
            for (PreparedBatch batch : prepare(cluster, rest)) {
                start(batch, rest).forEach(result -> results.put(result.submissionKey(), result));
            }
            rest.removeIf(order -> results.containsKey(order.run().submissionKey()));
        }
        return orders.stream()
                .map(order -> order.run().submissionKey())
                .filter(results::containsKey)
                .map(results::get)
                .toList();
    }

    /** By their names. */
    public static Map<String, URI> links(Cluster cluster, RunRef run) {
        return cluster.output().links(run).stream().collect(Collectors.toMap(RunLink::name, RunLink::uri));
    }

    public static List<RunReport> observe(Cluster cluster, List<RunRef> runs) {
        return cluster.executor().observe(runs).reports();
    }

    /** Under the intents of those orders that are in the batch. */
    public static List<StartResult> start(PreparedBatch batch, List<RunOrder> orders) {
        Map<SubmissionKey, RunRef> intents = orders.stream()
                .map(RunOrder::run)
                .collect(Collectors.toMap(RunRef::submissionKey, Function.identity()));
        return batch.start(batch.submissionKeys().stream().map(intents::get).toList());
    }
}
