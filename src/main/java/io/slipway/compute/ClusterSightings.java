package io.slipway.compute;

import jakarta.persistence.EntityManager;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** How the clusters are, as every replica may tell it. */
@Component
public class ClusterSightings {

    private final EntityManager entities;
    private final Map<String, ClusterHealth> written = new ConcurrentHashMap<>();

    ClusterSightings(EntityManager entities) {
        this.entities = entities;
    }

    /** Writes down how a cluster was seen, when that is news. */
    @Transactional
    public void saw(String name, ClusterHealth health) {
        if (health.equals(written.put(name, health))) {
            return;
        }
        entities.merge(new ClusterSighting(name, health));
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
