package io.slipway.compute.emr.client;

import io.slipway.compute.ComputeUnavailable;
import io.slipway.compute.emr.client.CallBudget.Work;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.emr.model.ClusterState;
import software.amazon.awssdk.services.emr.model.ClusterSummary;
import software.amazon.awssdk.services.emr.model.ListClustersResponse;
import software.amazon.awssdk.services.emr.model.Tag;

/**
 * The newest cluster of a name, or with some tags, that takes steps. It stays the one until it goes, however many newer ones there are:
 * runs that are spread over clusters cost more calls. A listing of clusters tells no tags, so each cluster is asked for them once.
 */
public final class MatchingCluster implements ClusterChoice {

    private static final Logger log = LoggerFactory.getLogger(MatchingCluster.class);

    private final EmrAccount account;
    private final @Nullable String name;
    private final Map<String, String> tags;
    private final Duration askAgain;
    private final Clock clock;
    private final Map<String, Map<String, String>> tagsOf = new HashMap<>();
    private @Nullable List<ClusterSummary> candidates;
    private Instant askedAt = Instant.MIN;
    private volatile @Nullable String chosen;
    private volatile @Nullable String trouble;

    /**
     * @param name of the cluster; {@code null} when tags tell
     * @param tags all of which it must carry
     * @param askAgain how long to leave between two searches that find none
     */
    public MatchingCluster(
            EmrAccount account, @Nullable String name, Map<String, String> tags, Duration askAgain, Clock clock) {
        this.account = account;
        this.name = name;
        this.tags = tags;
        this.askAgain = askAgain;
        this.clock = clock;
    }

    @Override
    public synchronized Optional<String> choose() {
        Instant now = clock.instant();
        boolean due = askedAt.equals(Instant.MIN) || !now.isBefore(askedAt.plus(askAgain));
        if (chosen == null && due) {
            askedAt = now;
            search();
        }
        return chosen();
    }

    private void search() {
        try {
            chosen = newest();
            trouble = null;
            candidates = null;
            if (chosen != null) {
                log.info("{} is cluster {} from now on.", words(), chosen);
            }
        } catch (ComputeUnavailable.Spent later) {
            // What was learned is kept; the search goes on with the next turn.
            askedAt = Instant.MIN;
        } catch (ComputeUnavailable | EmrAccount.Refused e) {
            candidates = null;
            trouble = e.getMessage();
            log.warn("{} was not looked for: {}", words(), e.getMessage());
        }
    }

    private @Nullable String newest() {
        List<ClusterSummary> newestFirst = candidates == null ? list() : candidates;
        candidates = newestFirst;
        return newestFirst.stream()
                .filter(this::matches)
                .map(ClusterSummary::id)
                .findFirst()
                .orElse(null);
    }

    private List<ClusterSummary> list() {
        List<ClusterSummary> all = new ArrayList<>();
        String marker = null;
        do {
            String from = marker;
            ListClustersResponse page = account.ask(
                    EmrApi.LIST_CLUSTERS,
                    Work.SUBMIT,
                    words(),
                    emr -> emr.listClusters(request -> request.clusterStates(ClusterState.WAITING, ClusterState.RUNNING)
                            .marker(from)));
            all.addAll(page.clusters());
            marker = page.marker();
        } while (marker != null);
        tagsOf.keySet().retainAll(all.stream().map(ClusterSummary::id).collect(Collectors.toSet()));
        all.sort(Comparator.comparing(MatchingCluster::createdAt).reversed());
        return all;
    }

    private static Instant createdAt(ClusterSummary cluster) {
        return Objects.requireNonNullElse(cluster.status().timeline().creationDateTime(), Instant.MIN);
    }

    private boolean matches(ClusterSummary cluster) {
        if (name != null) {
            return name.equals(cluster.name());
        }
        Map<String, String> known = tagsOf.get(cluster.id());
        if (known == null) {
            known = account.describe(cluster.id(), Work.SUBMIT, words()).tags().stream()
                    .collect(Collectors.toMap(Tag::key, tag -> Objects.requireNonNullElse(tag.value(), "")));
            tagsOf.put(cluster.id(), known);
        }
        return known.entrySet().containsAll(tags.entrySet());
    }

    @Override
    public Optional<String> chosen() {
        return Optional.ofNullable(chosen);
    }

    @Override
    public synchronized boolean replace(String clusterId) {
        if (clusterId.equals(chosen)) {
            log.info("{} is cluster {} no longer.", words(), clusterId);
            chosen = null;
            askedAt = Instant.MIN;
        }
        return true;
    }

    @Override
    public boolean mayChange() {
        return true;
    }

    @Override
    public String missing() {
        Supplier<String> none =
                () -> "No EMR cluster that is WAITING or RUNNING is " + words() + "; jobs wait until there is one.";
        return Objects.requireNonNullElseGet(trouble, none);
    }

    private String words() {
        return name == null ? "tagged " + tags : "named " + name;
    }
}
