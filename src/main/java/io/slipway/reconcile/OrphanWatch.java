package io.slipway.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.slipway.compute.ComputeUnavailable;
import io.slipway.provision.ClusterOrder;
import io.slipway.provision.ClusterProvider;
import io.slipway.provision.ClusterSearch;
import io.slipway.provision.OrphanedCluster;
import io.slipway.provision.OrphanedClusters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks for clusters of this installation that no order owns, tells of them, and ends those that a person, or the setting, wants to end. */
@Component
class OrphanWatch {

    private static final Logger log = LoggerFactory.getLogger(OrphanWatch.class);

    private final ClusterProvider provider;
    private final OrphanedClusters orphans;
    private final OrphanSettings settings;
    private final Leadership leadership;
    private final Clock clock;

    /** How soon a cluster that was asked to end is looked at again. */
    private static final Duration EFFECT = Duration.ofMinutes(1);

    /** Of this leader; a new one looks at once. */
    private volatile Instant nextLook = Instant.EPOCH;

    private volatile int count;

    OrphanWatch(
            ClusterProvider provider,
            OrphanedClusters orphans,
            OrphanSettings settings,
            Leadership leadership,
            MeterRegistry meters,
            Clock clock) {
        this.provider = provider;
        this.orphans = orphans;
        this.settings = settings;
        this.leadership = leadership;
        this.clock = clock;
        Gauge.builder("slipway.cluster.orphans", this, watch -> leadership.isLeader() ? watch.count : Double.NaN)
                .description("Clusters of this installation that no order owns; NaN on a replica that does not lead.")
                .register(meters);
    }

    @Scheduled(fixedDelayString = "${slipway.reconcile.orphaned-clusters:5s}")
    void turn() {
        if (!leadership.isLeader()) {
            nextLook = Instant.EPOCH;
            return;
        }
        if (provider.templates().isEmpty()) {
            return;
        }
        try {
            look();
            end();
        } catch (ComputeUnavailable silence) {
            log.info("Clusters without an order are looked for again: {}", silence.getMessage());
        }
    }

    private void look() {
        Instant now = clock.instant();
        if (now.isBefore(nextLook)) {
            return;
        }
        List<OrphanedCluster> all = orphans.seen(provider.find(ClusterSearch.alive()), now);
        nextLook = now.plus(settings.look());
        count = all.size();
        for (OrphanedCluster each : all) {
            if (each.endWishedAt() != null) {
                continue;
            }
            boolean ends = settings.end() && each.isOrderKnown();
            log.warn(
                    "Cluster {} of {} has no order{}: {}",
                    each.clusterId(),
                    each.cluster(),
                    ends ? " and is ended" : "; an operator ends it, or lets it end by itself",
                    each.why());
            if (ends) {
                orphans.terminate(each.clusterId(), ClusterOrder.SLIPWAY, now);
            }
        }
    }

    private void end() {
        Instant now = clock.instant();
        List<String> due = orphans.toEnd(now);
        if (!due.isEmpty() && leadership.isLeader()) {
            provider.end(due);
            orphans.endAsked(due, now);
            Instant soon = now.plus(EFFECT);
            nextLook = soon.isBefore(nextLook) ? soon : nextLook;
        }
    }
}
