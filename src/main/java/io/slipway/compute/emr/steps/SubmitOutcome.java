package io.slipway.compute.emr.steps;

import io.slipway.compute.StartResult;
import io.slipway.compute.emr.client.EmrErrors;
import io.slipway.jobs.Reason;
import io.slipway.jobs.Reason.Code;
import io.slipway.jobs.SubmissionKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What one AddJobFlowSteps call tells of its runs. Definite is only what was refused before it was sent, and a validation error of a
 * call with a single step: EMR may have taken the steps of every other failed call.
 */
public final class SubmitOutcome {

    private SubmitOutcome() {}

    /** @param stepIds as EMR answered them, in the order of the keys */
    public static List<StartResult> answered(List<SubmissionKey> keys, List<String> stepIds) {
        if (keys.size() != stepIds.size()) {
            return unknown(keys, "EMR answered " + stepIds.size() + " step ids for " + keys.size() + " steps.");
        }
        List<StartResult> results = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            results.add(new StartResult.Accepted(keys.get(i), stepIds.get(i), null));
        }
        return results;
    }

    /** @param mayHaveLeft whether the call got as far as the network */
    public static List<StartResult> failed(List<SubmissionKey> keys, RuntimeException failure, boolean mayHaveLeft) {
        if (!mayHaveLeft || EmrErrors.isNotConnected(failure)) {
            return keys.stream().map(key -> notSent(key, failure)).toList();
        }
        if (keys.size() == 1 && EmrErrors.isValidation(failure)) {
            return List.of(refused(keys.get(0), failure));
        }
        return unknown(keys, "EMR did not say whether it took the step: " + EmrErrors.words(failure));
    }

    /** Whether EMR refused the call for what is in it, not for the state of its cluster. */
    static boolean isFaultOfAStep(RuntimeException failure) {
        return EmrErrors.isValidation(failure) && !EmrErrors.isFull(failure) && !EmrErrors.isOfGoneCluster(failure);
    }

    private static StartResult notSent(SubmissionKey key, RuntimeException failure) {
        return new StartResult.NotNow(key, "The call to EMR was not sent: " + EmrErrors.words(failure));
    }

    private static StartResult refused(SubmissionKey key, RuntimeException failure) {
        String words = EmrErrors.words(failure);
        if (EmrErrors.isFull(failure)) {
            return new StartResult.NotNow(key, "The cluster has as many steps as it can hold: " + words);
        }
        Code code = EmrErrors.isOfGoneCluster(failure) ? Code.CLUSTER_GONE : Code.REJECTED_BY_CLUSTER;
        return new StartResult.Rejected(key, new Reason(code, "EMR refused the step: " + words));
    }

    private static List<StartResult> unknown(List<SubmissionKey> keys, String why) {
        return keys.stream()
                .<StartResult>map(key -> new StartResult.Unknown(key, why))
                .toList();
    }
}
