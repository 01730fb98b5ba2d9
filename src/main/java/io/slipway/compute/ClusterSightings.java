package io.slipway.compute;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** How the clusters are, for every replica to read. */
@Component
public class ClusterSightings {

    private static final int FRESH_SECONDS = 10;

    private final EntityManager entities;
    private final Map<String, ClusterHealth> written = new ConcurrentHashMap<>();

    private final TransactionTemplate transaction;

    ClusterSightings(EntityManager entities, PlatformTransactionManager transactions) {
        this.entities = entities;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Writes down how a cluster was seen, when that is news: another state, or a look that is {@value #FRESH_SECONDS} s newer. It is
     * written under its clusterId, too: runs that went there are looked up by that when the name stands for another cluster.
     */
    public void record(String name, ClusterHealth health) {
        List<String> names = Stream.of(name, health.clusterId())
                .filter(Objects::nonNull)
                .distinct()
                .filter(each -> isNews(written.get(each), health))
                .toList();
        if (!names.isEmpty()) {
            transaction.executeWithoutResult(
                    status -> names.forEach(each -> entities.merge(new ClusterSighting(each, health))));
            names.forEach(each -> written.put(each, health));
        }
    }

    private static boolean isNews(@Nullable ClusterHealth before, ClusterHealth now) {
        if (before == null) {
            return true;
        }
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
