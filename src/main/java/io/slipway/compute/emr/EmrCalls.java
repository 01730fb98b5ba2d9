package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.emr.CallBudget.Work;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.emr.EmrClient;
import software.amazon.awssdk.services.emr.model.AddJobFlowStepsRequest;
import software.amazon.awssdk.services.emr.model.AddJobFlowStepsResponse;
import software.amazon.awssdk.services.emr.model.CancelStepsInfo;
import software.amazon.awssdk.services.emr.model.Cluster;
import software.amazon.awssdk.services.emr.model.ListStepsRequest;
import software.amazon.awssdk.services.emr.model.ListStepsResponse;
import software.amazon.awssdk.services.emr.model.Step;
import software.amazon.awssdk.services.emr.model.StepCancellationOption;
import software.amazon.awssdk.services.emr.model.StepConfig;
import software.amazon.awssdk.services.emr.model.StepState;
import software.amazon.awssdk.services.emr.model.StepSummary;

/**
 * The calls to EMR about one cluster. What only reads (or may be repeated) is retried, and is not even tried while the circuit breaker
 * {@code emr} is open; adding steps is never repeated here.
 */
final class EmrCalls {

    /** A step that EMR has not finished; ListSteps can filter by these. */
    private static final List<StepState> ACTIVE =
            List.of(StepState.PENDING, StepState.RUNNING, StepState.CANCEL_PENDING);

    private final String clusterId;
    private final EmrClients clients;
    private final CircuitBreaker breaker;
    private final Retry retry;
    private final CallBudget budget;
    private final MeterRegistry meters;
    private int reserved;
    private long reservedIn;

    EmrCalls(
            String clusterId,
            EmrClients clients,
            CircuitBreaker breaker,
            Retry retry,
            CallBudget budget,
            MeterRegistry meters) {
        this.clusterId = clusterId;
        this.clients = clients;
        this.breaker = breaker;
        this.retry = retry;
        this.budget = budget;
        this.meters = meters;
    }

    /** EMR said no to a call that only reads: it does not know the id. */
    static final class Refused extends RuntimeException {
        Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    String clusterId() {
        return clusterId;
    }

    /** Of the right to make these calls. */
    long term() {
        return budget.term();
    }

    /** Whether steps can be added now by so many calls; a yes holds for as many of the next ones. */
    boolean mayAddSteps(int calls) {
        if (reservedIn != budget.term()) {
            // Another has led meanwhile and knew nothing of what was put aside here.
            reservedIn = budget.term();
            reserved = 0;
        }
        while (reserved < calls && budget.tryTake(EmrApi.ADD_JOB_FLOW_STEPS, Work.SUBMIT, clusterId)) {
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
    List<String> addSteps(List<StepConfig> steps, @Nullable String executionRole, Departure departure) {
        if (!mayAddSteps(1)) {
            throw new ComputeUnavailable.Spent("the calls of AddJobFlowSteps are spent for now");
        }
        reserved--;
        AddJobFlowStepsRequest request = AddJobFlowStepsRequest.builder()
                .jobFlowId(clusterId)
                .steps(steps)
                .executionRoleArn(executionRole)
                .overrideConfiguration(config -> config.putExecutionAttribute(Departure.ATTRIBUTE, departure))
                .build();
        AddJobFlowStepsResponse response = breaker.executeSupplier(
                () -> counted(EmrApi.ADD_JOB_FLOW_STEPS, () -> clients.submit().addJobFlowSteps(request)));
        return response.stepIds();
    }

    /** A page of the steps that have not ended, in no order. */
    ListStepsResponse activePage(@Nullable String marker) {
        return page(ListStepsRequest.builder().stepStates(ACTIVE), marker, Work.LIVE);
    }

    /** A page of all steps that EMR remembers, newest first. */
    ListStepsResponse newestPage(@Nullable String marker) {
        return page(ListStepsRequest.builder(), marker, Work.FINISHED);
    }

    /**
     * @param stepIds at most 10
     * @throws Refused when EMR does not know one of them
     */
    List<StepSummary> steps(List<String> stepIds) {
        return page(ListStepsRequest.builder().stepIds(stepIds), null, Work.FINISHED)
                .steps();
    }

    /** @throws Refused when EMR does not know it */
    Step step(String stepId) {
        return ask(
                        EmrApi.DESCRIBE_STEP,
                        Work.FINISHED,
                        emr -> emr.describeStep(
                                request -> request.clusterId(clusterId).stepId(stepId)))
                .step();
    }

    /** @throws Refused when EMR does not know it */
    Cluster cluster() {
        return ask(
                        EmrApi.DESCRIBE_CLUSTER,
                        Work.LIVE,
                        emr -> emr.describeCluster(request -> request.clusterId(clusterId)))
                .cluster();
    }

    /** @param stepIds at most 256 */
    List<CancelStepsInfo> cancel(List<String> stepIds) {
        return ask(
                        EmrApi.CANCEL_STEPS,
                        Work.CANCEL,
                        emr -> emr.cancelSteps(request -> request.clusterId(clusterId)
                                .stepIds(stepIds)
                                .stepCancellationOption(StepCancellationOption.SEND_INTERRUPT)))
                .cancelStepsInfoList();
    }

    private ListStepsResponse page(ListStepsRequest.Builder request, @Nullable String marker, Work work) {
        ListStepsRequest complete = request.clusterId(clusterId).marker(marker).build();
        return ask(EmrApi.LIST_STEPS, work, emr -> emr.listSteps(complete));
    }

    private <T> T ask(EmrApi api, Work work, Call<T> call) {
        Supplier<T> guarded = CircuitBreaker.decorateSupplier(breaker, () -> {
            if (!budget.tryTake(api, work, clusterId)) {
                throw new ComputeUnavailable.Spent("the calls of " + api.operation() + " are spent for now");
            }
            return counted(api, () -> call.on(clients.reads()));
        });
        try {
            return Retry.decorateSupplier(retry, guarded).get();
        } catch (CallNotPermittedException e) {
            throw new ComputeUnavailable("EMR failed too often of late and is left alone for a moment.", e);
        } catch (SdkException e) {
            String message = api.operation() + " of " + clusterId + ": " + EmrErrors.words(e);
            if (EmrErrors.isRefusal(e)) {
                throw new Refused(message, e);
            }
            throw new ComputeUnavailable("EMR did not answer " + message, e);
        }
    }

    private <T> T counted(EmrApi api, Supplier<T> call) {
        String outcome = "failed";
        try {
            T answer = call.get();
            outcome = "ok";
            return answer;
        } catch (RuntimeException e) {
            if (EmrErrors.isThrottling(e)) {
                outcome = "throttled";
            } else if (EmrErrors.isRefusal(e)) {
                outcome = "refused";
            }
            throw e;
        } finally {
            meters.counter("slipway.emr.calls", "api", api.operation(), "outcome", outcome)
                    .increment();
        }
    }

    private interface Call<T> {
        T on(EmrClient emr);
    }
}
