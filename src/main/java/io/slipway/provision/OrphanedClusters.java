package io.slipway.provision;

import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The clusters of this installation that no order owns, as the leader last saw them, and who wants them to end. */
@Component
public class OrphanedClusters {

    /** Nobody reads more; so many clusters at once are beyond EMR's own quota. */
    private static final int MOST = 500;

    /** After how long a wish that shows no effect is sent again. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final EntityManager entities;
    private final ClusterOrders orders;

    OrphanedClusters(EntityManager entities, ClusterOrders orders) {
        this.entities = entities;
        this.orders = orders;
    }

    /** The longest known first. */
    @Transactional(readOnly = true)
    public List<OrphanedCluster> all() {
        return entities.createQuery(
                        "select o from OrphanedCluster o order by o.foundAt, o.clusterId", OrphanedCluster.class)
                .setMaxResults(MOST)
                .getResultList();
    }

    /**
     * The result of a complete listing: orphans that are not among them have ended, or were adopted.
     *
     * @param alive all clusters of this installation; orders are read after they were listed
     */
    @Transactional
    public List<OrphanedCluster> seen(List<FoundCluster> alive, Instant now) {
        Map<String, OrphanedCluster> known =
                all().stream().collect(Collectors.toMap(OrphanedCluster::clusterId, Function.identity()));
        for (FoundCluster each : alive) {
            ClusterOrder order = orders.findByKey(each.orderKey()).orElse(null);
            Orphanhood.of(each, order).ifPresent(orphanhood -> {
                OrphanedCluster before = known.remove(each.clusterId());
                if (before == null) {
                    entities.persist(new OrphanedCluster(each, orphanhood, now));
                } else {
                    before.is(orphanhood);
                }
            });
        }
        known.values().forEach(entities::remove);
        entities.flush();
        return all();
    }

    /**
     * It ends soon, with all that runs on it. Asked again, it changes nothing.
     *
     * @throws UnknownOrphan when no such cluster is known
     */
    @Transactional
    public OrphanedCluster terminate(String clusterId, String by, Instant now) {
        OrphanedCluster orphan = entities.find(OrphanedCluster.class, clusterId);
        if (orphan == null) {
            throw new UnknownOrphan(clusterId);
        }
        orphan.wishEnd(by, now);
        return orphan;
    }

    /** Those that somebody wants to end and that nobody was asked to end of late. */
    @Transactional(readOnly = true)
    public List<String> toEnd(Instant now) {
        Instant before = now.minus(AGAIN);
        return all().stream()
                .filter(each -> each.endWishedAt() != null)
                .filter(each -> each.endAskedAt() == null || !each.endAskedAt().isAfter(before))
                .map(OrphanedCluster::clusterId)
                .toList();
    }

    @Transactional
    public void endAsked(List<String> clusterIds, Instant now) {
        for (String id : clusterIds) {
            OrphanedCluster orphan = entities.find(OrphanedCluster.class, id);
            if (orphan != null) {
                orphan.endAsked(now);
            }
        }
    }
}
