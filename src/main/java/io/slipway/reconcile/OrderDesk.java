package io.slipway.reconcile;

import com.github.f4b6a3.ulid.UlidCreator;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobId;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.jobs.QueueLine;
import io.slipway.jobs.Run;
import io.slipway.provision.ClusterLoad;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.ClusterTemplate;
import io.slipway.provision.IllegalOrderChange;
import io.slipway.provision.OrderAnswer;
import io.slipway.provision.OrderBook;
import io.slipway.provision.OrderHistory;
import io.slipway.provision.OrderIntent;
import io.slipway.provision.OrderPlan;
import io.slipway.provision.OrderState;
import io.slipway.provision.OrderTransactions;
import io.slipway.provision.UnknownOrder;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Component;

/**
 * Orders clusters and ends them, as {@link OrderPlan} says. Its turn comes in the thread of the cluster's own turn, before runs are sent:
 * so no run goes to a cluster while it is being ended.
 */
@Component
class OrderDesk {

    private static final Logger log = LoggerFactory.getLogger(OrderDesk.class);

    private final ClusterProvider provider;
    private final OrderBook book;
    private final OrderTransactions transactions;
    private final OrderLooks looks;
    private final Jobs jobs;
    private final BuildSlots builds;
    private final Worklist worklist;
    private final Leadership leadership;
    private final Clock clock;
    /** By key of an order whose call could not be made: when it may be tried again. */
    private final Map<String, Instant> notBefore = new ConcurrentHashMap<>();

    OrderDesk(
            ClusterProvider provider,
            OrderBook book,
            OrderTransactions transactions,
            OrderLooks looks,
            Jobs jobs,
            BuildSlots builds,
            Worklist worklist,
            Leadership leadership,
            Clock clock) {
        this.provider = provider;
        this.book = book;
        this.transactions = transactions;
        this.looks = looks;
        this.jobs = jobs;
        this.builds = builds;
        this.worklist = worklist;
        this.leadership = leadership;
        this.clock = clock;
    }

    /** One turn of one configured cluster; nothing happens for one that is not made to order. Its trouble keeps no runs waiting. */
    void turn(String cluster) {
        ClusterTemplate template = provider.templates().get(cluster);
        if (template == null) {
            return;
        }
        try {
            if (worklist.mayBeOrdered(cluster) || worklist.mayWait(cluster) || builds.of(cluster) > 0) {
                turn(template);
            }
        } catch (ComputeUnavailable.Spent later) {
            log.debug("The orders of {} wait: {}", cluster, later.getMessage());
        } catch (RuntimeException failure) {
            log.warn("The orders of {} are looked after again: {}", cluster, failure.toString());
        }
    }

    private void turn(ClusterTemplate template) {
        Open open = new Open(template.cluster());
        long queued = jobs.queueOf(template.cluster()).stream()
                .mapToLong(QueueLine::jobs)
                .sum();
        // Once, and after the queue. Read twice, a build that begins in between would count as one that waits and as
        // one that has the cluster. Read first, one that ends in between would have it still, while its job waits.
        BuildSlots.Load building = builds.load(template.cluster());
        long waiting = queued + building.waiting();
        if (open.orders().isEmpty() && waiting == 0) {
            return;
        }
        if (looks.at(template, open.orders())) {
            open.mayHaveChanged();
        }
        ClusterLoad load = mark(template, waiting, building, open);
        OrderHistory history = book.history(template.cluster());
        OrderPlan plan = OrderPlan.of(template, open.orders(), history, load, clock.instant());
        plan.changes().forEach(change -> apply(change, open));
        for (int i = 0; i < plan.order(); i++) {
            open.mayHaveChanged();
            transactions.insert(ClusterOrder.wanted(
                    UlidCreator.getMonotonicUlid().toString(),
                    template,
                    history.subnet() % template.size().subnets(),
                    ClusterOrder.SLIPWAY,
                    clock.instant()));
        }
        send(template, open);
        end(open);
    }

    /** The orders of a cluster that are not over, read again when something of this turn may have changed one. */
    private final class Open {
        private final String cluster;
        private @Nullable List<ClusterOrder> known;

        Open(String cluster) {
            this.cluster = cluster;
        }

        List<ClusterOrder> orders() {
            List<ClusterOrder> orders = known == null ? book.open(cluster) : known;
            this.known = orders;
            return orders;
        }

        void mayHaveChanged() {
            this.known = null;
        }
    }

    /** A run is about to be sent there: where each job has a cluster to itself, no other job gets there any more, however soon it ends. */
    void goesTo(String cluster, String clusterId, JobId job) {
        ClusterTemplate template = provider.templates().get(cluster);
        if (template == null || !template.size().perJob()) {
            return;
        }
        book.open(cluster).stream()
                .filter(order -> clusterId.equals(order.clusterId()) && order.jobId() == null)
                .forEach(order -> transactions.apply(order.key(), fresh -> fresh.givenTo(job.value())));
    }

    /** Writes down who has a cluster alone, and since when clusters are idle. */
    private ClusterLoad mark(ClusterTemplate template, long waiting, BuildSlots.Load building, Open open) {
        List<Job> live = jobs.findByClusterAndStateInOrderById(template.cluster(), JobState.onCluster());
        if (template.size().perJob()) {
            open.orders().stream()
                    .filter(order -> order.state() == OrderState.READY && order.jobId() == null)
                    .forEach(order -> live.stream()
                            .filter(job -> isOn(job, order))
                            .findFirst()
                            .ifPresent(job -> alone(
                                    order, open, fresh -> fresh.givenTo(job.id().value()))));
        }
        ClusterLoad load = load(waiting, building, live, open);
        open.orders().forEach(order -> markIdle(order, load, open));
        return load;
    }

    private ClusterLoad load(long waiting, BuildSlots.Load building, List<Job> live, Open open) {
        Map<String, Long> runs = live.stream()
                .flatMap(job -> job.currentRun().stream())
                .flatMap(run -> Optional.ofNullable(run.ref().clusterId()).stream())
                .collect(Collectors.toMap(id -> id, id -> 1L, Long::sum));
        building.byMachine().forEach((machine, count) -> runs.merge(machine, count, Long::sum));
        Set<String> owners = open.orders().stream()
                .map(ClusterOrder::jobId)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        List<Job> ofOwners = owners.stream()
                .flatMap(id -> jobs.findById(new JobId(id)).stream())
                .filter(job -> !job.state().isTerminal())
                .toList();
        return new ClusterLoad(
                waiting,
                runs,
                ofOwners.stream()
                        .filter(job -> job.state() == JobState.QUEUED)
                        .map(job -> job.id().value())
                        .collect(Collectors.toSet()),
                ofOwners.stream().map(job -> job.id().value()).collect(Collectors.toSet()));
    }

    private void markIdle(ClusterOrder order, ClusterLoad load, Open open) {
        boolean takesRuns = order.state() == OrderState.STARTING || order.state() == OrderState.READY;
        boolean idle = load.waiting() == 0 && load.runs().getOrDefault(String.valueOf(order.clusterId()), 0L) == 0;
        if (takesRuns && idle != (order.idleSince() != null)) {
            alone(order, open, fresh -> fresh.idleSince(idle ? clock.instant() : null));
        }
    }

    private static boolean isOn(Job job, ClusterOrder order) {
        return job.currentRun()
                .map(Run::ref)
                .filter(run -> Objects.equals(run.clusterId(), order.clusterId()))
                .isPresent();
    }

    private void apply(OrderPlan.Change change, Open open) {
        Instant now = clock.instant();
        String why = change.why();
        Consumer<ClusterOrder> verb = switch (change.what()) {
            case DROP -> order -> order.dropped(why, ClusterOrder.SLIPWAY, now);
            case DRAIN -> order -> order.drained(why, ClusterOrder.SLIPWAY, now);
            case END -> order -> order.ending(why, ClusterOrder.SLIPWAY, now);
            case GIVE_UP -> order -> order.givenUp(why, now);
        };
        alone(change.order(), open, verb);
    }

    /** The intent is committed first, then the cluster is ordered, then the answer is written. */
    private void send(ClusterTemplate template, Open open) {
        List<ClusterOrder> orders = open.orders();
        long made = orders.stream()
                .filter(order -> order.state() != OrderState.WANTED)
                .count();
        notBefore.values().removeIf(until -> !clock.instant().isBefore(until));
        orders.stream()
                .filter(order -> order.state() == OrderState.WANTED)
                // Another leader may have wanted one at the same time.
                .limit(Math.max(0, template.size().most() - made))
                .filter(order -> !notBefore.containsKey(order.key()))
                .forEach(order -> {
                    open.mayHaveChanged();
                    send(template, order);
                });
    }

    private void send(ClusterTemplate template, ClusterOrder wanted) {
        Optional<OrderIntent> intent = intend(template, wanted);
        if (intent.isEmpty()) {
            return;
        }
        OrderAnswer answer = leadership.isLeader()
                ? provider.order(intent.get())
                : new OrderAnswer.NotNow("It was not sent: this replica does not lead any more.");
        apply(intent.get(), answer, template);
    }

    private Optional<OrderIntent> intend(ClusterTemplate template, ClusterOrder wanted) {
        try {
            return transactions
                    .decide(wanted, order -> order.requesting(template, clock.instant()))
                    .intent();
        } catch (OptimisticLockingFailureException | IllegalOrderChange | UnknownOrder overtaken) {
            log.debug("Order {} changed before it could be sent: {}", wanted.key(), overtaken.getMessage());
            return Optional.empty();
        }
    }

    private void apply(OrderIntent intent, OrderAnswer answer, ClusterTemplate template) {
        Instant now = clock.instant();
        if (answer instanceof OrderAnswer.NotNow later) {
            log.info("Order {} of {} was not sent: {}", intent.key(), intent.cluster(), later.why());
            notBefore.put(intent.key(), now.plus(template.windows().pace()));
        }
        transactions.apply(intent.key(), order -> {
            boolean asked = order.state() == OrderState.REQUESTED
                    && order.intent().filter(intent::equals).isPresent();
            if (asked) {
                answer.apply(order, now);
            }
        });
    }

    /** Asks for the end of those that are to end. What was asked may be lost, so it is asked again. */
    private void end(Open open) {
        Instant now = clock.instant();
        List<ClusterOrder> due = open.orders().stream()
                .filter(order -> order.state() == OrderState.ENDING && order.clusterId() != null)
                .filter(order -> order.endAskedAt() == null
                        || !now.isBefore(order.endAskedAt().plus(OrderLooks.END_AGAIN)))
                .toList();
        if (!due.isEmpty()) {
            provider.end(due.stream()
                    .flatMap(order -> Optional.ofNullable(order.clusterId()).stream())
                    .toList());
            due.forEach(order -> alone(order, open, fresh -> fresh.endAsked(now)));
        }
    }

    /** A decision on what was seen: who changed it meanwhile knew more. */
    private void alone(ClusterOrder seen, Open open, Consumer<ClusterOrder> verb) {
        open.mayHaveChanged();
        try {
            transactions.decide(seen, verb);
        } catch (OptimisticLockingFailureException | IllegalOrderChange | UnknownOrder overtaken) {
            log.debug("Order {} went on meanwhile: {}", seen.key(), overtaken.getMessage());
        }
    }
}
