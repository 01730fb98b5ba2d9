package io.slipway.compute.emr;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import io.slipway.compute.ComputeUnavailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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

    EmrCalls(String clusterId, EmrClients clients, CircuitBreaker breaker, Retry retry) {
        this.clusterId = clusterId;
        this.clients = clients;
        this.breaker = breaker;
        this.retry = retry;
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

    /**
     * One call, one attempt.
     *
     * @param executionRole the runtime role of all of them
     * @throws RuntimeException whatever went wrong; {@code departure} tells whether the call may have left
     */
    List<String> addSteps(List<StepConfig> steps, @Nullable String executionRole, Departure departure) {
        AddJobFlowStepsRequest request = AddJobFlowStepsRequest.builder()
                .jobFlowId(clusterId)
                .steps(steps)
                .executionRoleArn(executionRole)
                .overrideConfiguration(config -> config.putExecutionAttribute(Departure.ATTRIBUTE, departure))
                .build();
        AddJobFlowStepsResponse response =
                breaker.executeSupplier(() -> clients.submit().addJobFlowSteps(request));
        return response.stepIds();
    }

    List<StepSummary> activeSteps() {
        List<StepSummary> all = new ArrayList<>();
        String marker = null;
        do {
            ListStepsResponse page = page(ListStepsRequest.builder().stepStates(ACTIVE), marker);
            all.addAll(page.steps());
            marker = page.marker();
        } while (marker != null);
        return all;
    }

    /**
     * Every step, newest first, until one is older than the bound.
     *
     * @param isOldEnough whether a step's creation lies before all that is looked for
     */
    List<StepSummary> stepsBackTo(Predicate<@Nullable Instant> isOldEnough) {
        List<StepSummary> all = new ArrayList<>();
        String marker = null;
        do {
            ListStepsResponse page = page(ListStepsRequest.builder(), marker);
            all.addAll(page.steps());
            marker = page.marker();
        } while (marker != null
                && (all.isEmpty() || !isOldEnough.test(StepReports.createdAt(all.get(all.size() - 1)))));
        return all;
    }

    /**
     * @param stepIds at most 10
     * @throws Refused when EMR does not know one of them
     */
    List<StepSummary> steps(List<String> stepIds) {
        return page(ListStepsRequest.builder().stepIds(stepIds), null).steps();
    }

    /** @throws Refused when EMR does not know it */
    Step step(String stepId) {
        return ask(
                        "DescribeStep",
                        emr -> emr.describeStep(
                                request -> request.clusterId(clusterId).stepId(stepId)))
                .step();
    }

    /** @throws Refused when EMR does not know it */
    Cluster cluster() {
        return ask("DescribeCluster", emr -> emr.describeCluster(request -> request.clusterId(clusterId)))
                .cluster();
    }

    /** @param stepIds at most 256 */
    List<CancelStepsInfo> cancel(List<String> stepIds) {
        return ask(
                        "CancelSteps",
                        emr -> emr.cancelSteps(request -> request.clusterId(clusterId)
                                .stepIds(stepIds)
                                .stepCancellationOption(StepCancellationOption.SEND_INTERRUPT)))
                .cancelStepsInfoList();
    }

    private ListStepsResponse page(ListStepsRequest.Builder request, @Nullable String marker) {
        ListStepsRequest complete = request.clusterId(clusterId).marker(marker).build();
        return ask("ListSteps", emr -> emr.listSteps(complete));
    }

    private <T> T ask(String operation, Call<T> call) {
        Supplier<T> guarded = CircuitBreaker.decorateSupplier(breaker, () -> call.on(clients.reads()));
        try {
            return Retry.decorateSupplier(retry, guarded).get();
        } catch (CallNotPermittedException e) {
            throw new ComputeUnavailable("EMR failed too often of late and is left alone for a moment.", e);
        } catch (SdkException e) {
            String message = operation + " of " + clusterId + ": " + EmrErrors.words(e);
            if (EmrErrors.isRefusal(e)) {
                throw new Refused(message, e);
            }
            throw new ComputeUnavailable("EMR did not answer " + message, e);
        }
    }

    private interface Call<T> {
        T on(EmrClient emr);
    }
}
