package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.ClusterEventSource.ClusterEvent;
import io.slipway.compute.ClusterEventSource.ClusterEvent.Source;
import io.slipway.compute.ClusterHealth;
import io.slipway.compute.ClusterSightings;
import io.slipway.compute.ClusterState;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.RunExecutor.Calls;
import io.slipway.jobs.Job;
import io.slipway.jobs.JobState;
import io.slipway.jobs.RunRef;
import io.slipway.jobs.RunReport;
import io.slipway.jobs.SubmissionKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** A look at those runs alone that something is said to have happened to, and at those only of which the table does not say the same. */
@Component
class TargetedPoll {

    private static final Logger log = LoggerFactory.getLogger(TargetedPoll.class);

    private final Reconciler reconciler;
    private final ClusterEvents clusterEvents;
    private final ClusterSightings sightings;
    private final ProgramEnds ends;
    private final GatheredLooks gathered;
    private final LoopMetrics metrics;
    private final Clock clock;

    TargetedPoll(
            Reconciler reconciler,
            ClusterEvents clusterEvents,
            ClusterSightings sightings,
            ProgramEnds ends,
            GatheredLooks gathered,
            LoopMetrics metrics,
            Clock clock) {
        this.reconciler = reconciler;
        this.clusterEvents = clusterEvents;
        this.sightings = sightings;
        this.ends = ends;
        this.gathered = gathered;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * @throws ComputeUnavailable when the cluster did not answer
     * @throws RuntimeException when not all that was seen could be written
     */
    void look(Cluster cluster, List<ClusterEvent> events) {
        if (events.stream().anyMatch(event -> event.submissionKey() == null)) {
            lookAtItself(cluster);
        }
        Map<SubmissionKey, Job> live = byKey(reconciler.live(cluster));
        Map<SubmissionKey, RunRef> runs = new LinkedHashMap<>();
        for (ClusterEvent event : events) {
            Job job = event.submissionKey() == null ? null : live.get(event.submissionKey());
            if (job != null && isAboutItsStep(event, job)) {
                record(cluster, event, job);
                if (mayBeNews(event, job)) {
                    RunRef ref = Reconciler.ref(job);
                    runs.put(ref.submissionKey(), event.remoteId() == null ? ref : ref.known(event.remoteId()));
                }
            }
        }
        if (!runs.isEmpty()) {
            lookAt(cluster, List.copyOf(runs.values()), Calls.TOGETHER, live);
        }
    }

    private void record(Cluster cluster, ClusterEvent event, Job job) {
        SubmissionKey key = Reconciler.ref(job).submissionKey();
        switch (event.source()) {
            case CLUSTER -> clusterEvents.eventReceived(name(cluster));
            case DRIVER_STARTED -> {
                clusterEvents.driverReported(name(cluster));
                gathered.started(name(cluster), key);
            }
            case DRIVER_ENDED -> {
                clusterEvents.driverReported(name(cluster));
                gathered.ended(name(cluster), key, clock.instant());
                ends.ended(job);
            }
            case SILENCE -> {} // that nobody told anything shows the opposite of what the others do
        }
    }

    /**
     * Looks at those whose drivers have told something, together with others of which something is to be expected, when it is time.
     *
     * @param all that are live on the cluster
     * @throws ComputeUnavailable when the cluster did not answer
     */
    void lookAtGathered(Cluster cluster, List<Job> all) {
        Map<SubmissionKey, Job> live = byKey(all);
        for (List<Job> due = gathered.due(name(cluster), all, clock.instant());
                !due.isEmpty();
                due = gathered.due(name(cluster), all, clock.instant())) {
            try {
                lookAtExpected(cluster, due, Calls.TOGETHER, live);
            } catch (ComputeUnavailable.Spent later) {
                Job overdue =
                        gathered.overdue(name(cluster), all, clock.instant()).orElseThrow(() -> later);
                lookAtExpected(cluster, List.of(overdue), Calls.ONE_BY_ONE, live);
            }
        }
    }

    private void lookAtExpected(Cluster cluster, List<Job> due, Calls calls, Map<SubmissionKey, Job> live) {
        List<RunRef> runs = due.stream().map(Reconciler::ref).toList();
        Set<SubmissionKey> asked = keys(runs.stream());
        Set<SubmissionKey> unknown = new HashSet<>(asked);
        try {
            List<RunReport> reports = lookAt(cluster, runs, calls, live);
            reports.forEach(report -> unknown.remove(report.submissionKey()));
            if (gathered.unknown(name(cluster), unknown, clock.instant())) {
                clusterEvents.clusterChanged(name(cluster));
            }
        } catch (IllegalStateException notWritten) {
            log.warn("Runs of {} are looked at again later: {}", name(cluster), notWritten.getMessage());
        }
        gathered.looked(name(cluster), asked, clock.instant());
    }

    private static Map<SubmissionKey, Job> byKey(List<Job> jobs) {
        Map<SubmissionKey, Job> live = new LinkedHashMap<>();
        jobs.forEach(job -> live.put(Reconciler.ref(job).submissionKey(), job));
        return live;
    }

    /** What the cluster itself says of its state. */
    void lookAtItself(Cluster cluster) {
        ClusterState before = cluster.health().state();
        ClusterHealth now = cluster.executor().lookAtCluster();
        sightings.record(name(cluster), now);
        if (before != now.state()) {
            clusterEvents.clusterChanged(name(cluster));
        }
    }

    /** An event also tells the id of a step whose own answer was lost; a driver does not know its step. */
    private static boolean isAboutItsStep(ClusterEvent event, Job job) {
        String known = Reconciler.ref(job).remoteId();
        return event.remoteId() == null ? known != null : known == null || known.equals(event.remoteId());
    }

    /** The report of one driver waits for others, to be looked at together. */
    private static boolean mayBeNews(ClusterEvent event, Job job) {
        if (event.source() == Source.DRIVER_STARTED || event.source() == Source.DRIVER_ENDED) {
            return false;
        }
        RunReport.Phase phase = event.phase();
        return phase == null
                || phase.isEnd()
                || Reconciler.ref(job).remoteId() == null
                || (phase == RunReport.Phase.RUNNING && job.state() != JobState.RUNNING);
    }

    private static Set<SubmissionKey> keys(Stream<RunRef> runs) {
        return runs.map(RunRef::submissionKey).collect(Collectors.toSet());
    }

    private List<RunReport> lookAt(Cluster cluster, List<RunRef> runs, Calls calls, Map<SubmissionKey, Job> live) {
        List<RunReport> reports = cluster.executor().lookAt(runs, calls);
        List<Reconciler.Seen> news = new ArrayList<>();
        for (RunReport report : reports) {
            Job seen = live.get(report.submissionKey());
            if (seen != null && seen.isNews(report)) {
                news.add(new Reconciler.Seen(seen, report));
            }
        }
        int lost = reconciler.write(cluster, news);
        metrics.record(name(cluster), reports, clock.instant());
        if (lost > 0) {
            throw new IllegalStateException(lost + " of " + reports.size() + " runs could not be written");
        }
        return reports;
    }

    private static String name(Cluster cluster) {
        return cluster.traits().name();
    }
}
