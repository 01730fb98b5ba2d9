package io.slipway.reconcile;

import io.slipway.compute.Cluster;
import io.slipway.compute.Clusters;
import io.slipway.environments.BuildFault;
import io.slipway.environments.BuildOrder;
import io.slipway.environments.BuildReport;
import io.slipway.environments.BuildSite;
import io.slipway.environments.BuiltEnvironment;
import io.slipway.environments.CannotBuild;
import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentBuilder;
import io.slipway.environments.EnvironmentBuilders;
import io.slipway.environments.EnvironmentChanges;
import io.slipway.environments.EnvironmentState;
import io.slipway.environments.Environments;
import io.slipway.environments.EnvironmentsSettings;
import io.slipway.jobs.JobState;
import io.slipway.jobs.Jobs;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Has environments built that somebody waits for: the intent is committed first, then the builder is asked, then its answer is written. */
@Component
class EnvironmentBuilds {

    private static final Logger log = LoggerFactory.getLogger(EnvironmentBuilds.class);

    private static final List<EnvironmentState> LIVE = List.of(EnvironmentState.WANTED, EnvironmentState.BUILDING);

    /** The builder keeps to the time itself; whoever is later than this does not live. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private final EnvironmentNeeds needs;
    private final Environments environments;
    private final EnvironmentChanges changes;
    private final EnvironmentBuilders builders;
    private final Jobs jobs;
    private final Clusters clusters;
    private final BuildSlots slots;
    private final EnvironmentMetrics metrics;
    private final Leadership leadership;
    private final EnvironmentsSettings settings;
    private final Clock clock;

    EnvironmentBuilds(
            EnvironmentNeeds needs,
            Environments environments,
            EnvironmentChanges changes,
            EnvironmentBuilders builders,
            Jobs jobs,
            Clusters clusters,
            BuildSlots slots,
            EnvironmentMetrics metrics,
            Leadership leadership,
            EnvironmentsSettings settings,
            Clock clock) {
        this.needs = needs;
        this.environments = environments;
        this.changes = changes;
        this.builders = builders;
        this.jobs = jobs;
        this.clusters = clusters;
        this.slots = slots;
        this.metrics = metrics;
        this.leadership = leadership;
        this.settings = settings;
        this.clock = clock;
    }

    void turn() {
        needs.find();
        List<Environment> live = environments.findByStateInOrderById(LIVE);
        slots.set(counted(live));
        if (!live.isEmpty()) {
            turn(live);
            // Before their jobs are in the queue: a build that has ended takes nobody's slot.
            slots.set(counted(environments.findByStateInOrderById(LIVE)));
        }
        if (leadership.isLeader()) {
            needs.handOut();
        }
    }

    private void turn(List<Environment> live) {
        Set<String> awaited = new HashSet<>(jobs.awaitedEnvironments());
        Map<String, Integer> free = free(live);
        for (Environment environment : live) {
            if (!leadership.isLeader()) {
                return;
            }
            alone(environment, awaited.contains(environment.id()), free);
        }
    }

    /** One environment's trouble is its own. */
    private void alone(Environment environment, boolean awaited, Map<String, Integer> free) {
        try {
            if (!awaited && !environment.isRequested()) {
                cancel(environment);
            } else if (environment.state() == EnvironmentState.BUILDING) {
                look(environment);
            } else if (environment.isDue(clock.instant()) && free.merge(environment.cluster(), -1, Integer::sum) >= 0) {
                begin(environment);
            }
        } catch (IOException | RuntimeException failure) {
            log.warn("Environment {} is looked at again: {}", environment.id(), failure.toString());
        }
    }

    private Map<String, BuildSlots.Load> counted(List<Environment> live) {
        Map<String, BuildSlots.Load> counted = new HashMap<>();
        for (Environment each : live) {
            boolean building = each.state() == EnvironmentState.BUILDING;
            if (building || each.isDue(clock.instant())) {
                BuildSlots.Load load = counted.getOrDefault(each.cluster(), BuildSlots.Load.NONE);
                counted.put(
                        each.cluster(),
                        load.plus(building, building ? each.build().machine() : null));
            }
        }
        return counted;
    }

    /** How many more builds each cluster has room for. */
    private Map<String, Integer> free(List<Environment> live) {
        Map<String, Integer> free = new HashMap<>();
        for (Cluster cluster :
                clusters.all(live.stream().map(Environment::cluster).toList())) {
            free.put(cluster.traits().name(), cluster.traits().slots());
        }
        jobs.countByClusterAndState(JobState.onCluster())
                .forEach(load -> free.merge(load.getCluster(), (int) -load.getJobs(), Integer::sum));
        live.stream()
                .filter(each -> each.state() == EnvironmentState.BUILDING)
                .forEach(each -> free.merge(each.cluster(), -1, Integer::sum));
        return free;
    }

    private void cancel(Environment environment) throws IOException {
        if (environment.state() == EnvironmentState.BUILDING) {
            Optional<EnvironmentBuilder> builder = builders.of(environment.cluster());
            if (builder.isPresent()) {
                builder.get().remains().cancel(environment.build());
            }
        }
        changes.apply(environment.id(), fresh -> fresh.cancelled(clock.instant()));
        metrics.ended(EnvironmentState.CANCELLED, null);
    }

    private void begin(Environment environment) throws IOException {
        EnvironmentBuilder builder = builders.of(environment.cluster()).orElse(null);
        if (builder == null) {
            fail(environment, nobody(environment), BuildFault.PLACE);
            return;
        }
        BuildSite site;
        try {
            site = builder.site(environment.cluster(), environment.wish().pythonVersion(), null);
        } catch (CannotBuild never) {
            fail(environment, String.valueOf(never.getMessage()), BuildFault.PLACE);
            return;
        }
        BuildSite.Machine machine = site.machine();
        if (!environment.isFor(site)) {
            // The cluster's name has come to stand for another cluster since the key was made.
            changes.apply(environment.id(), fresh -> fresh.misplaced(site, clock.instant()));
            metrics.ended(EnvironmentState.CANCELLED, null);
        } else if (machine != null) {
            start(builder, changes.apply(environment.id(), fresh -> fresh.building(machine.id(), clock.instant())));
        }
    }

    private void start(EnvironmentBuilder builder, Environment intended) throws IOException {
        if (!leadership.isLeader()) {
            return;
        }
        try {
            builder.start(new BuildOrder(
                    intended.build(),
                    changes.requirements(intended.requirementsId()),
                    intended.wish().pythonVersion(),
                    intended.wish().projectId(),
                    intended.wish().executionRole()));
        } catch (CannotBuild never) {
            fail(intended, String.valueOf(never.getMessage()), BuildFault.REQUIREMENTS);
        }
    }

    /** A call that makes something on another machine leaves under a fresh intent alone. */
    private void startAgain(EnvironmentBuilder builder, Environment environment) throws IOException {
        start(
                builder,
                environment.build().machine() == null
                        ? environment
                        : changes.apply(environment.id(), fresh -> fresh.intendedAgain(clock.instant())));
    }

    private void look(Environment environment) throws IOException {
        EnvironmentBuilder builder = builders.of(environment.cluster()).orElse(null);
        if (builder == null) {
            fail(environment, nobody(environment), BuildFault.PLACE);
            return;
        }
        BuildReport report = builder.look(environment.build());
        Instant since =
                Objects.requireNonNullElse(report.since(), environment.build().intentAt());
        boolean late = clock.instant().isAfter(since.plus(settings.timeout()).plus(GRACE));
        String message = String.valueOf(report.message());
        switch (report.phase()) {
            case ABSENT, BUILDING -> {
                if (late) {
                    builder.remains().cancel(environment.build());
                    again(environment, "The build did not end in time.", BuildFault.PLACE);
                } else if (report.phase() == BuildReport.Phase.ABSENT) {
                    startAgain(builder, environment);
                }
            }
            case BUILT -> take(builder, environment);
            case FAILED -> fail(environment, message, BuildFault.REQUIREMENTS);
            case MISSED_INDEX -> again(environment, message, BuildFault.INDEX);
            case LOST -> again(environment, message, BuildFault.PLACE);
        }
    }

    private static String nobody(Environment environment) {
        return "No environments are built for cluster " + environment.cluster() + " any more.";
    }

    private void take(EnvironmentBuilder builder, Environment environment) throws IOException {
        try {
            BuiltEnvironment built = builder.take(environment.build());
            changes.apply(environment.id(), fresh -> fresh.ready(built, clock.instant()));
            metrics.ended(EnvironmentState.READY, built);
            builder.remains().taken(environment.build());
        } catch (CannotBuild wrong) {
            fail(environment, String.valueOf(wrong.getMessage()), BuildFault.REQUIREMENTS);
        }
    }

    private void fail(Environment environment, String why, BuildFault at) {
        changes.apply(environment.id(), fresh -> fresh.failed(why, at, clock.instant()));
        metrics.ended(EnvironmentState.FAILED, null);
    }

    private void again(Environment environment, String why, BuildFault at) {
        if (environment.attempt() >= settings.tries()) {
            fail(environment, "It was tried " + environment.attempt() + " times. " + why, at);
            return;
        }
        Instant now = clock.instant();
        Instant until = now.plus(settings.pause().multipliedBy(1L << (environment.attempt() - 1)));
        changes.apply(environment.id(), fresh -> fresh.putOff(why, at, until, now));
    }
}
