package io.slipway.compute.emr.client;

import io.slipway.compute.CallsLeft;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.EmrAccount.Refused;
import io.slipway.compute.emr.steps.EmrCluster;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.AddJobFlowStepsRequest;
import software.amazon.awssdk.services.emr.model.CancelStepsInfo;
import software.amazon.awssdk.services.emr.model.CancelStepsRequest;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.DescribeStepResponse;
import software.amazon.awssdk.services.emr.model.ListStepsRequest;
import software.amazon.awssdk.services.emr.model.ListStepsResponse;
import software.amazon.awssdk.services.emr.model.Step;
import software.amazon.awssdk.services.emr.model.StepCancellationOption;
import software.amazon.awssdk.services.emr.model.StepConfig;
import software.amazon.awssdk.services.emr.model.StepState;
import software.amazon.awssdk.services.emr.model.StepSummary;

/** The calls to EMR about one cluster. */
public final class EmrCalls {

    /** A step that EMR has not finished; ListSteps can filter by these. */
    private static final List<StepState> ACTIVE =
            List.of(StepState.PENDING, StepState.RUNNING, StepState.CANCEL_PENDING);

    private final String clusterId;
    private final EmrAccount account;
    private final Clock clock;
    private int reserved;
    private long reservedIn;

    public EmrCalls(String clusterId, EmrAccount account, Clock clock) {
        this.clusterId = clusterId;
        this.account = account;
        this.clock = clock;
    }

    public String clusterId() {
        return clusterId;
    }

    /** Counts the times that this replica came to lead; tokens that were taken in another term are gone. */
    public long term() {
        return account.term();
    }

    /** Puts the tokens of so many calls of {@link #addSteps} aside, and tells whether there are as many; those are for the next ones. */
    public boolean reserveAddSteps(int calls) {
        if (reservedIn != account.term()) {
            // Another has led meanwhile and knew nothing of what was put aside here.
            reservedIn = account.term();
            reserved = 0;
        }
        while (reserved < calls && account.takeToken(EmrApi.ADD_JOB_FLOW_STEPS, Work.SUBMIT, clusterId)) {
            reserved++;
        }
        return reserved >= calls;
    }

    /**
     * One call, one attempt.
     *
     * @param executionRole the runtime role of all of them
     * @throws ComputeUnavailable.Spent when no call may be made now
     * @throws RuntimeException whatever went wrong; {@code departure} tells whether the call may have left
     */
    public List<String> addSteps(List<StepConfig> steps, @Nullable String executionRole, Departure departure) {
        if (!reserveAddSteps(1)) {
            throw new ComputeUnavailable.Spent("the calls of AddJobFlowSteps are spent for now");
        }
        reserved--;
        AddJobFlowStepsRequest request = AddJobFlowStepsRequest.builder()
                .jobFlowId(clusterId)
                .steps(steps)
                .executionRoleArn(executionRole)
                .overrideConfiguration(config -> config.putExecutionAttribute(Departure.ATTRIBUTE, departure))
                .build();
        return account.once(EmrApi.ADD_JOB_FLOW_STEPS, emr -> emr.addJobFlowSteps(request))
                .stepIds();
    }

    /** A page of the steps that have not ended, in no order. */
    public ListStepsResponse activePage(@Nullable String marker) {
        return page(ListStepsRequest.builder().stepStates(ACTIVE), marker, Work.LIVE);
    }

    /** A page of all steps that EMR remembers, newest first. */
    public ListStepsResponse newestPage(@Nullable String marker, Work work) {
        return page(ListStepsRequest.builder(), marker, work);
    }

    /**
     * @param stepIds at most 10
     * @throws Refused when EMR does not know one of them
     */
    public List<StepSummary> steps(List<String> stepIds, Work work) {
        return page(ListStepsRequest.builder().stepIds(stepIds), null, work).steps();
    }

    /** @throws Refused when EMR does not know it */
    public Step step(String stepId, Work work) {
        return ask(EmrApi.DESCRIBE_STEP, work, describe(stepId)).step();
    }

    /**
     * By one attempt: a throttled call is not repeated, since the step can be asked for by {@link #steps} as well.
     *
     * @throws Refused when EMR does not know it
     */
    public Step stepByOneAttempt(String stepId, Work work) {
        return account.askOnce(EmrApi.DESCRIBE_STEP, work, clusterId, describe(stepId))
                .step();
    }

    private Function<EmrClient, DescribeStepResponse> describe(String stepId) {
        return emr -> emr.describeStep(request -> request.clusterId(clusterId).stepId(stepId));
    }

    /** @throws Refused when EMR does not know it */
    public Cluster cluster() {
        return account.describe(clusterId, Work.LIVE, clusterId);
    }

    /** Has it found out, if it is not known yet, for which processors the cluster's nodes are made. */
    public void learnArchitecture() {
        account.architecture(clusterId, Work.LIVE);
    }

    /** @param stepIds at most {@value EmrCluster#STEPS_A_CALL} */
    public List<CancelStepsInfo> cancel(List<String> stepIds) {
        return ask(
                        EmrApi.CANCEL_STEPS,
                        Work.CANCEL,
                        emr -> emr.cancelSteps(cancelRequest(stepIds).build()))
                .cancelStepsInfoList();
    }

    /**
     * By one attempt which leaves within the call deadline, or not at all.
     *
     * @param stepIds at most {@value EmrCluster#STEPS_A_CALL}
     */
    public List<CancelStepsInfo> cancelNow(List<String> stepIds) {
        if (!account.takeToken(EmrApi.CANCEL_STEPS, Work.CANCEL, clusterId)) {
            throw new ComputeUnavailable.Spent("the calls of CancelSteps are spent for now");
        }
        Departure departure = new Departure(clock.instant());
        CancelStepsRequest request = cancelRequest(stepIds)
                .overrideConfiguration(config -> config.putExecutionAttribute(Departure.ATTRIBUTE, departure))
                .build();
        return account.onceOrUnavailable(EmrApi.CANCEL_STEPS, clusterId, emr -> emr.cancelSteps(request))
                .cancelStepsInfoList();
    }

    private CancelStepsRequest.Builder cancelRequest(List<String> stepIds) {
        return CancelStepsRequest.builder()
                .clusterId(clusterId)
                .stepIds(stepIds)
                .stepCancellationOption(StepCancellationOption.SEND_INTERRUPT);
    }

    public List<CallsLeft> left() {
        return account.left();
    }

    private ListStepsResponse page(ListStepsRequest.Builder request, @Nullable String marker, Work work) {
        ListStepsRequest complete = request.clusterId(clusterId).marker(marker).build();
        return ask(EmrApi.LIST_STEPS, work, emr -> emr.listSteps(complete));
    }

    private <T> T ask(EmrApi api, Work work, Function<EmrClient, T> call) {
        return account.ask(api, work, clusterId, call);
    }
}
