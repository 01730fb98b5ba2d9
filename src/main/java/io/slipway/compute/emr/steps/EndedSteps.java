package io.slipway.compute.emr.steps;

import io.slipway.compute.emr.client.CallBudget.Work;
import io.slipway.compute.emr.client.EmrAccount;
import io.slipway.compute.emr.client.EmrCalls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.emr.model.ListStepsResponse;
import software.amazon.awssdk.services.emr.model.Step;
import software.amazon.awssdk.services.emr.model.StepStatus;
import software.amazon.awssdk.services.emr.model.StepSummary;

/**
 * Asks how steps ended that are no longer active, by the fewest calls: newest first as long as a page tells of more of them than a call
 * by ids could, then by ten ids a call. It may be done in several goes.
 */
final class EndedSteps {

    /** As many step ids as ListSteps takes. */
    private static final int IDS_A_CALL = 10;

    /** Hears how a step is. */
    interface Found {
        void step(String id, String name, StepStatus status);
    }

    private final Work work;
    private final Set<String> open;
    private final Deque<List<String>> calls = new ArrayDeque<>();
    private final Deque<String> singles = new ArrayDeque<>();
    private boolean byPages;
    private @Nullable String marker;

    /** @param work as which its calls count */
    EndedSteps(List<String> stepIds, Work work) {
        this.work = work;
        this.open = new HashSet<>(stepIds);
        this.byPages = stepIds.size() > 2 * IDS_A_CALL;
        if (!byPages) {
            split(stepIds);
        }
    }

    /**
     * Goes on until the state of all is known.
     *
     * @param unknown ids that EMR does not know
     */
    void read(EmrCalls emr, Found found, Consumer<String> unknown) {
        while (byPages) {
            page(emr, found);
        }
        while (!calls.isEmpty() || !singles.isEmpty()) {
            if (singles.isEmpty()) {
                ask(emr, calls.element(), found);
            } else {
                alone(emr, singles.element(), found, unknown);
                singles.remove();
            }
        }
    }

    private void page(EmrCalls emr, Found found) {
        ListStepsResponse page = emr.newestPage(marker, work);
        int before = open.size();
        page.steps().forEach(step -> record(step, found));
        marker = page.marker();
        if (marker == null || before - open.size() <= IDS_A_CALL || open.size() <= IDS_A_CALL) {
            byPages = false;
            split(new ArrayList<>(open));
        }
    }

    private void split(List<String> ids) {
        for (int from = 0; from < ids.size(); from += IDS_A_CALL) {
            calls.add(List.copyOf(ids.subList(from, Math.min(ids.size(), from + IDS_A_CALL))));
        }
    }

    /**
     * One id that EMR does not know fails all of its call: halves are asked until it stands alone. What was found out on the way is kept
     * when the budget is spent in between; who began anew each time would never come to an end.
     */
    private void ask(EmrCalls emr, List<String> ids, Found found) {
        List<String> left = ids.stream().filter(open::contains).toList();
        try {
            if (!left.isEmpty()) {
                emr.steps(left, work).forEach(step -> record(step, found));
            }
            calls.remove();
            left.stream().filter(open::contains).forEach(singles::add);
        } catch (EmrAccount.Refused e) {
            calls.remove();
            if (left.size() == 1) {
                singles.addAll(left);
                return;
            }
            int half = left.size() / 2;
            calls.addFirst(List.copyOf(left.subList(half, left.size())));
            calls.addFirst(List.copyOf(left.subList(0, half)));
        }
    }

    private void alone(EmrCalls emr, String id, Found found, Consumer<String> unknown) {
        try {
            Step step = emr.step(id, work);
            open.remove(id);
            found.step(id, step.name(), step.status());
        } catch (EmrAccount.Refused e) {
            open.remove(id);
            unknown.accept(id);
        }
    }

    private void record(StepSummary step, Found found) {
        if (open.remove(step.id())) {
            found.step(step.id(), step.name(), step.status());
        }
    }
}
