package io.slipway.compute.emr.steps;

import io.slipway.compute.RunExecutor.Calls;
import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrCalls;
import io.slipway.compute.emr.launch.StepName;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.Step;
import software.amazon.awssdk.services.emr.model.StepState;
import software.amazon.awssdk.services.emr.model.StepStatus;

/**
 * Looks at some runs of a cluster by the ids of their steps, between full looks: ten by one call of ListSteps, or one by a call of
 * DescribeStep, which EMR counts by itself.
 */
final class LooksByIds {

    private static final Logger log = LoggerFactory.getLogger(LooksByIds.class);

    /** What the status of a run's step means. */
    interface Reports {
        RunReport of(RunRef run, String stepId, StepStatus status, Instant lookedFrom);
    }

    private final EmrCalls emr;
    private final ClusterWatch cluster;
    private final Clock clock;
    private final Reports reports;
    private @Nullable Together together;

    LooksByIds(EmrCalls emr, ClusterWatch cluster, Clock clock, Reports reports) {
        this.emr = emr;
        this.cluster = cluster;
        this.clock = clock;
        this.reports = reports;
    }

    /** A look at some steps by as few calls as tell of them. */
    private static final class Together {

        private static final Duration LONGEST = Duration.ofMinutes(1);

        private final Instant began;
        private final Set<String> ids;
        private final EndedSteps steps;
        private final List<RunReport> learned = new ArrayList<>();

        Together(Instant began, Set<String> ids) {
            this.began = began;
            this.ids = ids;
            this.steps = new EndedSteps(List.copyOf(ids), Work.TOLD);
        }

        boolean goesOn(Set<String> wanted, Instant now) {
            return ids.equals(wanted) && now.isBefore(began.plus(LONGEST));
        }
    }

    /** Only those whose step is known. */
    List<RunReport> lookAt(List<RunRef> runs, Calls calls) {
        Map<String, RunRef> byId = new HashMap<>();
        runs.stream().filter(run -> run.remoteId() != null).forEach(run -> byId.put(run.remoteId(), run));
        return switch (calls) {
            case TOGETHER -> together(byId);
            case ONE_BY_ONE -> oneByOne(byId);
        };
    }

    private List<RunReport> together(Map<String, RunRef> byId) {
        Together look = together;
        if (look == null || !look.goesOn(byId.keySet(), clock.instant())) {
            look = new Together(clock.instant(), Set.copyOf(byId.keySet()));
        }
        together = look; // of which the rest is asked for with the next turn, should the budget be spent on the way
        Instant began = look.began;
        List<RunReport> learned = look.learned;
        look.steps.read(
                emr,
                (id, name, status) -> report(Objects.requireNonNull(byId.get(id)), id, name, status, began)
                        .ifPresent(learned::add),
                LooksByIds::unknown);
        together = null;
        return learned;
    }

    private List<RunReport> oneByOne(Map<String, RunRef> byId) {
        List<RunReport> learned = new ArrayList<>();
        byId.forEach((id, run) -> {
            Instant began = clock.instant();
            try {
                Step step = emr.stepByOneAttempt(id, Work.TOLD);
                report(run, id, step.name(), step.status(), began).ifPresent(learned::add);
            } catch (EmrAccount.Refused e) {
                unknown(id);
            }
        });
        return learned;
    }

    private Optional<RunReport> report(RunRef run, String id, String name, StepStatus status, Instant began) {
        if (!StepName.key(name).equals(Optional.of(run.submissionKey()))) {
            log.warn("Step {} is called {}, and an event took it for {}.", id, name, run.submissionKey());
            return Optional.empty();
        }
        if (mayBeItsClustersEnd(status)) {
            cluster.look();
        }
        return Optional.of(reports.of(run, id, status, began));
    }

    private static void unknown(String id) {
        log.debug("EMR does not know step {} that an event was about.", id);
    }

    /** Looks by ids come between full ones, and do not ask for the cluster otherwise. */
    private static boolean mayBeItsClustersEnd(StepStatus status) {
        return status.state() == StepState.INTERRUPTED || status.state() == StepState.CANCELLED;
    }
}
