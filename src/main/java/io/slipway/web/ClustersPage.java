package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.compute.CallsLeft;
import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterKind;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.ClusterState;
import io.slipway.compute.ClusterTraits;
import io.slipway.compute.Clusters;
import io.slipway.control.OrderedClusterControl;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import io.slipway.provision.ClusterWait;
import io.slipway.provision.OrderBook;
import io.slipway.provision.OrderState;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** Where jobs run, and how full it is there. It reads the table; no cluster is asked. */
@Controller
class ClustersPage {

    private static final List<JobState> STARTING = List.of(JobState.SUBMITTING, JobState.PENDING);

    private final Clusters clusters;
    private final ClusterSightings sightings;
    private final Jobs jobs;
    private final OrderBook orders;
    private final OrderedClusterControl control;
    private final Clock clock;

    ClustersPage(
            Clusters clusters,
            ClusterSightings sightings,
            Jobs jobs,
            OrderBook orders,
            OrderedClusterControl control,
            Clock clock) {
        this.clusters = clusters;
        this.sightings = sightings;
        this.jobs = jobs;
        this.orders = orders;
        this.control = control;
        this.clock = clock;
    }

    /**
     * One cluster.
     *
     * @param tone the colour of its state, as one of the states of jobs
     * @param message what a person should know
     * @param clusterId of the very cluster that the name stands for now; {@code null} where the name says it all
     */
    record Card(
            String name,
            boolean isDefault,
            ClusterKind kind,
            ClusterState state,
            String tone,
            @Nullable String message,
            @Nullable String clusterId,
            @Nullable TimeText seen,
            List<CallsLeft> calls,
            Load load,
            @Nullable Ordering ordering) {}

    /**
     * How its clusters are made to order.
     *
     * @param waiting what jobs in the queue wait for; {@code null} for nothing
     */
    record Ordering(@Nullable ClusterWait waiting, List<Order> orders) {
        public boolean isPaused() {
            return waiting != null && waiting.state().equals("PAUSED");
        }
    }

    /** One cluster that was made, or is about to be. */
    record Order(
            String id,
            OrderState state,
            @Nullable String clusterId,
            TimeText since,
            @Nullable String reason,
            @Nullable Integer instanceHours) {
        public boolean mayDrain() {
            return state == OrderState.READY;
        }

        public boolean mayEnd() {
            return state == OrderState.WANTED
                    || state == OrderState.STARTING
                    || state == OrderState.READY
                    || state == OrderState.DRAINING;
        }
    }

    /**
     * Its slots, in units of a bar that is {@value Timeline#WIDTH} wide.
     *
     * @param waiting sent to the cluster and not running yet
     */
    record Load(int slots, long running, long waiting, long queued) {
        public double runningWidth() {
            return Timeline.WIDTH * Math.min(slots, running) / Math.max(1, slots);
        }

        public double waitingWidth() {
            return Timeline.WIDTH * Math.min(slots - Math.min(slots, running), waiting) / Math.max(1, slots);
        }

        public List<Share> shares() {
            return List.of(
                    new Share("s-running", running + " running", List.of(JobState.RUNNING)),
                    new Share("s-pending", waiting + " starting", STARTING),
                    new Share("s-queued", queued + " queued", List.of(JobState.QUEUED)));
        }
    }

    /** Some of a cluster's jobs, everybody's: who sees them all finds them in the list by their states. */
    record Share(String css, String words, List<JobState> states) {}

    /** A cluster of this installation that no order owns. */
    record Orphan(
            String clusterId,
            String cluster,
            String why,
            TimeText created,
            @Nullable String endWishedBy) {}

    @GetMapping("/ui/clusters")
    String page(HttpServletRequest request, Model model) {
        Map<String, ClusterHealth> seen = sightings.all();
        Map<String, Map<JobState, Long>> loads =
                Jobs.ClusterLoad.byCluster(jobs.countByClusterAndState(JobState.live()));
        Instant now = clock.instant();
        model.addAttribute("orphans", orphans(Caller.of(request), now));
        model.addAttribute(
                "clusters",
                clusters.all(loads.keySet()).stream()
                        .map(Cluster::traits)
                        .map(cluster -> card(
                                cluster,
                                seen.getOrDefault(cluster.name(), ClusterHealth.NOT_SEEN_YET),
                                loads.getOrDefault(cluster.name(), Map.of()),
                                now))
                        .toList());
        return "clusters/list";
    }

    private List<Orphan> orphans(Caller caller, Instant now) {
        return caller.isOperator()
                ? control.orphans(caller).stream()
                        .map(each -> new Orphan(
                                each.clusterId(),
                                each.cluster(),
                                each.why(),
                                TimeText.of(each.createdAt(), now),
                                each.endWishedBy()))
                        .toList()
                : List.of();
    }

    private Card card(ClusterTraits cluster, ClusterHealth health, Map<JobState, Long> load, Instant now) {
        return new Card(
                cluster.name(),
                cluster.name().equals(clusters.defaultName()),
                cluster.kind(),
                health.state(),
                tone(health.state()),
                health.message(),
                health.clusterId(),
                TimeText.orNull(health.seenAt(), now),
                health.calls(),
                new Load(
                        cluster.slots(),
                        load.getOrDefault(JobState.RUNNING, 0L),
                        STARTING.stream()
                                .mapToLong(state -> load.getOrDefault(state, 0L))
                                .sum(),
                        load.getOrDefault(JobState.QUEUED, 0L)),
                orders.templates().containsKey(cluster.name()) ? ordering(cluster.name(), now) : null);
    }

    private Ordering ordering(String name, Instant now) {
        return new Ordering(
                orders.waitFor(name).orElse(null),
                orders.shown(name).stream()
                        .map(order -> new Order(
                                order.key(),
                                order.state(),
                                order.clusterId(),
                                TimeText.of(order.stateSince(), now),
                                order.reason(),
                                order.instanceHours()))
                        .toList());
    }

    private static String tone(ClusterState state) {
        return switch (state.condition()) {
            case TAKES_RUNS -> "s-succeeded";
            case COMING -> "s-pending";
            case UNSEEN -> "s-queued";
            case GONE -> "s-failed";
        };
    }
}
