package io.slipway.provision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about the clusters of one template: how many to order, and which to drain or end.
 *
 * @param order so many new ones
 * @param changes of those that are there
 */
public record OrderPlan(int order, List<Change> changes) {

    /** What becomes of an order. */
    public enum What {
        /** Nothing was sent for it, and nothing will be. */
        DROP,
        DRAIN,
        END,
        /** End it, and count it as a failure. */
        GIVE_UP
    }

    /** @param why for people */
    public record Change(ClusterOrder order, What what, String why) {}

    public OrderPlan {
        changes = List.copyOf(changes);
    }

    /** @param open the orders of the template that are not over, the oldest first */
    public static OrderPlan of(
            ClusterTemplate template, List<ClusterOrder> open, OrderHistory history, ClusterLoad load, Instant now) {
        List<Change> changes = new ArrayList<>();
        for (ClusterOrder order : open) {
            change(template, order, load, now).ifPresent(changes::add);
        }
        return new OrderPlan(toOrder(template, open, changes, history, load, now), changes);
    }

    private static Optional<Change> change(
            ClusterTemplate template, ClusterOrder order, ClusterLoad load, Instant now) {
        return switch (order.state()) {
            case WANTED ->
                load.waiting() == 0 && order.wantedBy().equals(ClusterOrder.SLIPWAY)
                        ? Optional.of(new Change(order, What.DROP, "No job waits for it any more."))
                        : Optional.empty();
            case STARTING -> starting(template, order, now);
            case READY -> whyDrained(template, order, load, now).map(why -> new Change(order, What.DRAIN, why));
            case DRAINING ->
                load.runsOn(order) == 0
                        ? Optional.of(new Change(order, What.END, "Its last job has ended."))
                        : Optional.empty();
            case REQUESTED, ENDING, ENDED, FAILED -> Optional.empty();
        };
    }

    private static Optional<Change> starting(ClusterTemplate template, ClusterOrder order, Instant now) {
        if (!order.templateHash().equals(template.hash())) {
            return Optional.of(new Change(order, What.END, "The template has changed."));
        }
        Instant since = order.intent().map(OrderIntent::at).orElse(order.createdAt());
        if (isOver(since, template.times().boot(), now)) {
            return Optional.of(new Change(
                    order,
                    What.GIVE_UP,
                    "It was not ready " + words(template.times().boot()) + " after it was ordered."));
        }
        return isIdle(template, order, now)
                ? Optional.of(new Change(order, What.END, "No job waits for it any more."))
                : Optional.empty();
    }

    private static Optional<String> whyDrained(
            ClusterTemplate template, ClusterOrder order, ClusterLoad load, Instant now) {
        if (!order.templateHash().equals(template.hash())) {
            return Optional.of("The template has changed.");
        }
        if (isOver(order.createdAt(), template.times().longestLife(), now)) {
            return Optional.of("It is older than its longest life of "
                    + words(template.times().longestLife()) + ".");
        }
        if (template.perJob() && order.jobId() != null && !load.liveOwners().contains(order.jobId())) {
            return Optional.of("Its job " + order.jobId() + " has ended.");
        }
        return isIdle(template, order, now) && load.runsOn(order) == 0
                ? Optional.of("It was idle for " + words(template.times().idle()) + ".")
                : Optional.empty();
    }

    private static boolean isIdle(ClusterTemplate template, ClusterOrder order, Instant now) {
        Instant since = order.idleSince();
        return since != null && isOver(since, template.times().idle(), now);
    }

    private static boolean isOver(Instant since, Duration allowed, Instant now) {
        return !now.isBefore(since.plus(allowed));
    }

    /** All that are not over count to the most there may be: a cluster that ends is still paid for. */
    private static int toOrder(
            ClusterTemplate template,
            List<ClusterOrder> open,
            List<Change> changes,
            OrderHistory history,
            ClusterLoad load,
            Instant now) {
        if (history.isPaused() || now.isBefore(history.notBefore())) {
            return 0;
        }
        long room = open.stream()
                .filter(order -> changes.stream().noneMatch(change -> change.order() == order))
                .mapToLong(order -> room(template, order, load))
                .sum();
        long homeless = load.waiting() - load.waitingOwners().size() - room;
        if (homeless <= 0) {
            return 0;
        }
        long clusters = history.failures() > 0 ? 1 : (homeless + template.slots() - 1) / template.slots();
        return (int) Math.max(0, Math.min(clusters, template.most() - open.size()));
    }

    /** For how many more runs, now or when it is ready. */
    static long room(ClusterTemplate template, ClusterOrder order, ClusterLoad load) {
        if (order.state().isComing()) {
            return template.slots();
        }
        return order.state() != OrderState.READY || order.jobId() != null
                ? 0
                : Math.max(0, template.slots() - load.runsOn(order));
    }

    private static String words(Duration duration) {
        return duration.toMinutesPart() == 0 && duration.toHours() > 0
                ? duration.toHours() + " h"
                : duration.toSecondsPart() == 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }
}
