package io.slipway.compute;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** How the clusters are, for every replica to read. */
@Component
public class ClusterSightings {

    private static final int FRESH_SECONDS = 10;

    private final EntityManager entities;
    private final Map<String, ClusterHealth> written = new ConcurrentHashMap<>();

    ClusterSightings(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Writes down how a cluster was seen, when that is news: another state, or a look that is {@value #FRESH_SECONDS} s newer. It is
     * written under its clusterId, too: runs that went there are looked up by that when the name stands for another cluster.
     */
    @Transactional
    public void record(String name, ClusterHealth health) {
        write(name, health);
        String clusterId = health.clusterId();
        if (clusterId != null && !clusterId.equals(name)) {
            write(clusterId, health);
        }
    }

    private void write(String name, ClusterHealth health) {
        ClusterHealth before = written.get(name);
        if (before == null || isNews(before, health)) {
            entities.merge(new ClusterSighting(name, health));
            written.put(name, health);
        }
    }

    private static boolean isNews(ClusterHealth before, ClusterHealth now) {
        boolean same = before.state() == now.state()
                && Objects.equals(before.message(), now.message())
                && Objects.equals(before.logUri(), now.logUri())
                && Objects.equals(before.clusterId(), now.clusterId());
        Instant seen = now.seenAt();
        Instant seenBefore = before.seenAt();
        return !same || (seen != null && (seenBefore == null || !seen.isBefore(seenBefore.plusSeconds(FRESH_SECONDS))));
    }

    @Transactional(readOnly = true)
    public Optional<ClusterHealth> find(String name) {
        return Optional.ofNullable(entities.find(ClusterSighting.class, name)).map(ClusterSighting::health);
    }

    @Transactional(readOnly = true)
    public Map<String, ClusterHealth> all() {
        Map<String, ClusterHealth> all = new HashMap<>();
        entities.createQuery("select s.name, s from ClusterSighting s", Object[].class)
                .getResultList()
                .forEach(row -> all.put((String) row[0], ((ClusterSighting) row[1]).health()));
        return all;
    }
}
